// Tells the site which of its links and buttons were pressed.
document.addEventListener('click', function (event) {
  var control = event.target.closest('[data-p]');
  if (control) pulse('press', control.textContent);
});
function pulse(kind, what) {
  navigator.sendBeacon('/pulse', JSON.stringify({ k: kind, w: what.trim(), at: Date.now() }));
}
