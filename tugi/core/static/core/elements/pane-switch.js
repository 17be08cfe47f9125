/* <pane-switch data-pane="list">: on a phone, which one column is shown. What htmx puts into #main shows it; a link
   with `data-pane` goes back to a column that is still on the page, without loading it anew. */
const narrow = matchMedia("(width < 700px)")

class PaneSwitch extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    const signal = this.#listeners.signal
    this.addEventListener("click", event => this.#back(event), { signal })
    document.addEventListener("htmx:after:swap", event => this.#arrived(event.detail.ctx), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  #back(event) {
    const link = event.target.closest("a[data-pane]")
    if (!link || !narrow.matches || event.ctrlKey || event.metaKey || !this.querySelector(`#desk-${link.dataset.pane}`)) return
    event.preventDefault()
    history.pushState({ htmx: true }, "", link.href)
    this.#show(link.dataset.pane)
    this.querySelector(".item[aria-current] .item__subject")?.focus()
  }

  #arrived(ctx) {
    if (ctx.target?.id !== "main") return
    this.#show("main")
    if (narrow.matches) ctx.target.focus()
  }

  #show(pane) {
    this.dataset.pane = pane
  }
}

customElements.define("pane-switch", PaneSwitch)
