/* The sites' own tracking and their line to the server. */
(function () {
  function beacon(kind, what) {
    navigator.sendBeacon(location.origin + '/_b', JSON.stringify({ k: kind, w: what, at: Date.now() }));
  }
  function track(doc) {
    doc.addEventListener('click', function (event) {
      if (!event.isTrusted) return;
      for (var node of event.composedPath()) {
        if (!node.dataset) continue;
        if (node.dataset.track) return beacon('press', node.dataset.track);
        if (node.dataset.over) return beacon('obstacle', node.dataset.over);
      }
    }, true);
  }
  track(document);
  window.trackIn = track;
  window.siteBeacon = beacon;
  window.Line = function (handler) {
    var id = 't' + Math.random().toString(36).slice(2), after = 0;
    function post(path, body) {
      return fetch(location.origin + path, { method: 'POST', body: JSON.stringify(body) });
    }
    async function poll() {
      for (;;) {
        try {
          var answer = await fetch(location.origin + '/_t/feed?talk=' + id + '&after=' + after);
          for (var event of await answer.json()) { after = event.n; handler(event); }
        } catch (_) { await new Promise(function (done) { setTimeout(done, 800); }); }
      }
    }
    return {
      open: function () { return post('/_t/open', { talk: id }).then(poll); },
      say: function (text, via) { return post('/_t/say', { talk: id, text: text, via: via || 'typed' }); }
    };
  };
})();
