// Three custom elements, each with an open shadow root.
const note = (label) => navigator.sendBeacon('/mark', JSON.stringify({ k: 'press', w: label, at: Date.now() }));

class XhLine extends HTMLElement {
  show({ who, text, offer }) {
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = `<style>:host{display:block;margin:0 0 12px}.me{text-align:right}p{display:inline-block;margin:0;padding:8px 12px;background:#22304d;border-radius:4px;max-width:80%;text-align:left}.me p{background:#d9b65d;color:#14110a}
      small{display:block;color:#8e93a5}button{display:block;margin-top:8px;background:none;border:1px solid #d9b65d;color:#d9b65d;padding:5px 14px;cursor:pointer;font:inherit}</style>
      <div class="${who}"><small></small><p></p></div>`;
    root.querySelector('small').textContent = who === 'bot' ? '星禾智能助理' : '';
    root.querySelector('p').textContent = text;
    if (offer) {
      const button = document.createElement('button');
      button.textContent = offer;
      button.onclick = () => { note(offer); location.hash = 'member'; };
      root.querySelector('div').append(button);
    }
    return this;
  }
}
class XhEntry extends HTMLElement {
  connectedCallback() {
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = `<style>div{display:flex;border-top:1px solid #2a3550}input{flex:1;background:none;border:0;color:inherit;padding:13px;font:inherit;outline:0}button{border:0;background:#d9b65d;width:64px;cursor:pointer}</style>
      <div><input placeholder="输入文字" aria-label="输入文字"><button type="button">发送</button></div>`;
    const input = root.querySelector('input');
    const send = () => {
      if (!input.value.trim()) return;
      this.dispatchEvent(new CustomEvent('words', { detail: input.value.trim() }));
      input.value = '';
    };
    root.querySelector('button').onclick = send;
    input.onkeydown = (event) => { if (event.key === 'Enter' && !event.isComposing) send(); };
  }
}
class XhDock extends HTMLElement {
  connectedCallback() {
    this.root = this.attachShadow({ mode: 'open' });
    this.root.innerHTML = `<style>:host{position:fixed;right:28px;bottom:28px;font:14px/1.7 "Noto Serif CJK SC",serif;color:#e8e2d0}
      .tab{background:#d9b65d;color:#14110a;border:0;padding:12px 22px;font:inherit;font-size:16px;cursor:pointer}section{width:350px;height:470px;background:#141b2c;border:1px solid #d9b65d;display:flex;flex-direction:column}
      .feed{flex:1;overflow:auto;padding:14px}.busy{padding:0 14px;color:#8e93a5;font-size:12px;min-height:20px}</style><button class="tab" type="button">问问客服</button>`;
    this.root.querySelector('.tab').onclick = () => this.open();
  }
  open() {
    note('问问客服');
    this.root.querySelector('.tab').remove();
    const section = document.createElement('section');
    section.innerHTML = '<div class="feed" role="log"></div><div class="busy"></div><xh-entry></xh-entry>';
    this.root.append(section);
    const feed = section.querySelector('.feed'), busy = section.querySelector('.busy');
    const visitor = crypto.randomUUID().slice(0, 8);
    const put = (line) => { feed.append(document.createElement('xh-line').show(line)); feed.scrollTop = feed.scrollHeight; };
    const stream = new EventSource('/stream/' + visitor);
    stream.addEventListener('busy', () => { busy.textContent = '正在输入…'; });
    stream.addEventListener('line', (event) => { busy.textContent = ''; put(JSON.parse(event.data)); });
    section.querySelector('xh-entry').addEventListener('words', (event) => {
      put({ who: 'me', text: event.detail });
      fetch('/talk/' + visitor, { method: 'POST', body: JSON.stringify({ text: event.detail, at: Date.now() }) });
    });
  }
}
customElements.define('xh-line', XhLine);
customElements.define('xh-entry', XhEntry);
customElements.define('xh-dock', XhDock);
