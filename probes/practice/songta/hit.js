function hit(label) {
  navigator.sendBeacon('/hit.do', '{"k":"press","w":"' + label.replace(/["\\]/g, '') + '","at":' + new Date().getTime() + '}');
}
(function () {
  var links = document.getElementsByTagName('a');
  for (var i = 0; i < links.length; i++) links[i].onclick = function () { hit(this.innerHTML); };
})();
