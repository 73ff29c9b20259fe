// <ql-kefu>: launcher and panel inside a closed shadow root; long polling.
(() => {
  const CSS = `
    :host{position:fixed;right:30px;bottom:36px;z-index:50;font:14px/1.6 "PingFang SC","Noto Sans CJK SC",sans-serif}
    .ball{display:flex;align-items:center;gap:8px;border:0;border-radius:28px;background:#128a6a;color:#fff;padding:13px 22px;font:inherit;font-size:16px;cursor:pointer;box-shadow:0 6px 18px #128a6a66;position:relative}
    .ball i{position:absolute;top:-4px;right:2px;background:#e5484d;border-radius:9px;min-width:18px;font-style:normal;font-size:12px;line-height:18px;text-align:center}
    .win{width:348px;height:480px;background:#fff;border-radius:12px;box-shadow:0 12px 44px #0004;display:flex;flex-direction:column;overflow:hidden}
    [hidden]{display:none!important}
    header{background:#128a6a;color:#fff;padding:12px 16px;display:flex;justify-content:space-between}header button{all:unset;cursor:pointer}
    .list{flex:1;overflow-y:auto;padding:14px;background:#f6faf8}
    .one{display:flex;gap:8px;margin:0 0 12px}.one.guest{flex-direction:row-reverse}.pic{width:34px;height:34px;border-radius:50%;background:#cdeade;flex:none;text-align:center;line-height:34px}
    .say{background:#fff;border-radius:3px 12px 12px;padding:8px 12px;max-width:230px;word-break:break-word}.guest .say{background:#c9f0df}
    .nick{font-size:12px;color:#88a098}.tip{text-align:center;color:#88a098;font-size:12px;margin:8px 0}.dots{color:#88a098;font-size:12px;padding:0 16px 6px;background:#f6faf8}
    .enter{display:flex;border-top:1px solid #dfece6}.enter textarea{flex:1;border:0;resize:none;padding:12px;font:inherit;height:44px;outline:none}.enter button{border:0;background:#128a6a;color:#fff;width:72px;cursor:pointer}`;
  class Kefu extends HTMLElement {
    #tree; #id = Math.random().toString(16).slice(2); #seen = 0; #running = false;
    connectedCallback() {
      this.#tree = this.attachShadow({ mode: 'closed' });
      this.#tree.innerHTML = `<style>${CSS}</style>
        <button class="ball" type="button">💬 <span>在线客服</span><i aria-hidden="true">1</i></button>
        <section class="win" hidden><header><span>青螺服务台</span><button type="button" class="fold" aria-label="收起">—</button></header>
        <div class="list" role="log"></div><div class="dots" hidden>小螺正在输入…</div>
        <div class="enter"><textarea aria-label="输入消息" placeholder="输入消息,按回车发送"></textarea><button type="button" class="go">发送</button></div></section>`;
      const $ = (s) => this.#tree.querySelector(s);
      $('.ball').addEventListener('click', () => { this.#mark('在线客服'); this.#show(true); });
      $('.fold').addEventListener('click', () => { this.#mark('收起'); this.#show(false); });
      $('.go').addEventListener('click', () => this.#send());
      $('textarea').addEventListener('keydown', (e) => {
        if (e.key === 'Enter' && !e.isComposing) { e.preventDefault(); this.#send(); }
      });
    }
    #mark(label) { navigator.sendBeacon('/kefu/mark', JSON.stringify({ k: 'press', w: label, at: Date.now() })); }
    #show(open) {
      this.#tree.querySelector('.ball').hidden = open;
      this.#tree.querySelector('.win').hidden = !open;
      if (open && !this.#running) { this.#running = true; this.#listen(); }
    }
    async #listen() {
      for (;;) {
        let news = [];
        try {
          news = await (await fetch(`/kefu/news?id=${this.#id}&after=${this.#seen}`)).json();
        } catch (e) { await new Promise((r) => setTimeout(r, 1000)); continue; }
        for (const item of news) { this.#seen = item.n; this.#take(item); }
      }
    }
    #take(item) {
      if (item.kind === 'busy') this.#tree.querySelector('.dots').hidden = !item.on;
      else if (item.kind === 'notice') { const d = document.createElement('div'); d.className = 'tip'; d.textContent = item.text; this.#add(d); }
      else this.#bubble(item.side, item.name, item.text);
    }
    #bubble(side, name, text) {
      const one = document.createElement('div');
      one.className = 'one ' + side;
      const pic = document.createElement('span'); pic.className = 'pic'; pic.setAttribute('aria-hidden', 'true');
      pic.textContent = side === 'robot' ? '🐌' : side === 'staff' ? '林' : '我';
      const body = document.createElement('div');
      if (name) { const nick = document.createElement('div'); nick.className = 'nick'; nick.textContent = name; body.append(nick); }
      const say = document.createElement('div'); say.className = 'say'; say.textContent = text; body.append(say);
      one.append(pic, body); this.#add(one);
    }
    #add(element) { const list = this.#tree.querySelector('.list'); list.append(element); list.scrollTop = list.scrollHeight; }
    #send() {
      const area = this.#tree.querySelector('textarea');
      const text = area.value.trim();
      if (!text) return;
      area.value = '';
      this.#bubble('guest', '', text);
      fetch('/kefu/say', { method: 'POST', body: JSON.stringify({ id: this.#id, text, at: Date.now() }) });
    }
  }
  customElements.define('ql-kefu', Kefu);
})();
