/* <local-draft data-name="ticket-42">: keeps what is typed in its named fields on this device until the server
   took it. Taken means: a request of the enclosing form succeeded and nothing was typed since it left, somebody
   dispatched `draft-taken`, or the page that a plain form led to has `data-taken`, which names the parameter that
   says so in its address and goes from there: read again, the page keeps what is typed then. With `data-fresh`
   the page brings what is newer than what is kept. After a restore it dispatches `draft-restored` on each field it filled. */
const PREFIX = "tugi.draft."
const PAUSE = 400

class LocalDraft extends HTMLElement {
  #listeners = new AbortController()
  #timer
  #edits = 0
  #sent = new WeakMap()

  connectedCallback() {
    const signal = this.#listeners.signal
    if (this.dataset.taken) this.#taken()
    else if (this.dataset.fresh === undefined) this.#restore()
    this.addEventListener("input", () => this.#later(), { signal })
    this.addEventListener("draft-taken", () => this.#forget(), { signal })
    window.addEventListener("pagehide", () => this.#edits && this.#keep(), { signal })
    document.addEventListener("htmx:before:request", event => this.#leaves(event.detail.ctx), { signal })
    document.addEventListener("htmx:after:request", event => this.#arrives(event.detail.ctx), { signal })
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  /** What is kept of the fields, by their names; undefined for nothing. */
  get kept() {
    return JSON.parse(localStorage.getItem(this.#key) ?? "{}").values
  }

  get #key() {
    return PREFIX + this.dataset.name
  }

  get #fields() {
    return [...this.querySelectorAll("textarea[name], input[name]:not([type=file], [type=password], [type=checkbox], [type=radio])")]
  }

  #later() {
    this.#edits += 1
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#keep(), PAUSE)
  }

  #keep() {
    const values = Object.fromEntries(this.#fields.map(field => [field.name, field.value]))
    localStorage.setItem(this.#key, JSON.stringify({ values, at: Date.now() }))
  }

  #restore() {
    const values = this.kept ?? {}
    for (const field of this.#fields) {
      if (!(field.name in values) || values[field.name] === field.value) continue
      field.value = values[field.name]
      field.dispatchEvent(new CustomEvent("draft-restored", { bubbles: true }))
    }
  }

  #taken() {
    this.#forget()
    const here = new URL(location.href)
    here.searchParams.delete(this.dataset.taken)
    history.replaceState(history.state, "", here)
  }

  #leaves(ctx) {
    if (this.#isOurs(ctx)) this.#sent.set(ctx, this.#edits)
  }

  #arrives(ctx) {
    const status = ctx.response?.status ?? 0
    if (this.#sent.get(ctx) === this.#edits && status >= 200 && status < 300) this.#forget()
  }

  #isOurs(ctx) {
    const form = this.closest("form") ?? this.querySelector("form")
    return ctx.request.method !== "GET" && form && (ctx.request.form === form || form.contains(ctx.sourceElement))
  }

  #forget() {
    clearTimeout(this.#timer)
    this.#edits = 0
    localStorage.removeItem(this.#key)
  }
}

customElements.define("local-draft", LocalDraft)
