/* <recipient-field data-search data-form data-options>: adds somebody to those who get the reply. What is typed is
   looked for among the contacts; the arrows choose, Enter takes the chosen, or else what was typed.
   Backspace in the empty field takes the last one out. An address left standing counts when the field is left, and
   the message around the field waits until the server has taken it: it leaves with that person, or not at all. */
const PAUSE = 150
const ADDRESS = /\S@\S+\.\S/

class RecipientField extends HTMLElement {
  #listeners = new AbortController()
  #timer
  #asked
  #underWay
  #held

  connectedCallback() {
    const signal = this.#listeners.signal
    this.addEventListener("input", () => this.#later(), { signal })
    this.addEventListener("focusout", () => queueMicrotask(() => this.#leave()), { signal })
    // Before the keys of the page: Mod+Enter must not send while somebody is still being typed.
    window.addEventListener("keydown", event => event.target === this.#input && this.#press(event), { signal, capture: true })
    this.#options?.addEventListener("pointerdown", event => this.#pick(event), { signal })
    document.addEventListener("submit", event => this.#submitted(event), { signal, capture: true })
    document.addEventListener("htmx:before:request", event => this.#leaves(event.detail.ctx), { signal })
    document.addEventListener("htmx:after:swap", event => this.#swapped(event.detail.ctx), { signal })
    document.addEventListener("htmx:finally:request", event => this.#answered(event.detail.ctx), { signal })
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #input() {
    return this.querySelector("[role=combobox]")
  }

  get #typed() {
    return this.#input.value.trim()
  }

  get #form() {
    return document.getElementById(this.dataset.form)
  }

  get #options() {
    return document.getElementById(this.dataset.options)
  }

  get #found() {
    return [...this.#options.querySelectorAll("[role=option]")]
  }

  get #chosen() {
    return this.#found.find(option => option.getAttribute("aria-selected") === "true")
  }

  get #isOpen() {
    return this.#options.matches(":popover-open")
  }

  #press(event) {
    const act = {
      ArrowDown: () => this.#walk(1),
      ArrowUp: () => this.#walk(-1),
      Enter: () => this.#enter(event),
      Escape: () => this.#isOpen && this.#forget(),
      Backspace: () => !this.#input.value && !event.repeat && this.#last(),
    }[event.key]
    if (!act || event.isComposing || act() === false) return
    event.preventDefault()
    event.stopPropagation()
  }

  #enter(event) {
    if (!this.#typed) return !event.ctrlKey && !event.metaKey
    const answers = this.#isOpen && this.#asked === this.#typed
    this.#take(answers ? (this.#chosen ?? (this.#typed.includes("@") ? undefined : this.#found[0])) : undefined)
  }

  #later() {
    this.#forget()
    if (this.#typed.length > 1) this.#timer = setTimeout(() => this.#look(), PAUSE)
  }

  #look() {
    this.#asked = this.#typed
    const where = `${this.dataset.search}?q=${encodeURIComponent(this.#asked)}`
    window.htmx?.ajax("GET", where, { target: this.#options, swap: "innerHTML" })
  }

  /** An answer that comes after the list was closed, or to what was typed before, is none. Then it is looked for
      again: of the searches that wait for a slow one, htmx keeps only the first. */
  #swapped(ctx) {
    if (ctx?.target !== this.#options) return
    const query = new URL(ctx.request.action, location).searchParams.get("q")
    if (query !== this.#asked) {
      this.#options.replaceChildren()
      if (this.#asked) this.#look()
    } else if (this.#found.length && document.activeElement === this.#input) this.#open()
  }

  #open() {
    const place = this.#input.getBoundingClientRect()
    if (!this.#isOpen) this.#options.showPopover()
    this.#options.style.left = `${place.left}px`
    this.#options.style.top = `${Math.max(8, place.top - this.#options.offsetHeight - 4)}px`
    this.#input.setAttribute("aria-expanded", "true")
  }

  /** Close the list, and want no answer to what was asked. */
  #forget() {
    clearTimeout(this.#timer)
    this.#asked = undefined
    if (this.#isOpen) this.#options.hidePopover()
    this.#options.replaceChildren()
    this.#choose()
    this.#input.setAttribute("aria-expanded", "false")
  }

  #walk(step) {
    const found = this.#found
    if (!this.#isOpen || !found.length) return false
    const here = found.indexOf(this.#chosen)
    this.#choose(found.at((here < 0 && step < 0 ? -1 : here + step) % found.length))
  }

  #choose(option) {
    for (const each of this.#found) each.setAttribute("aria-selected", String(each === option))
    if (option) this.#input.setAttribute("aria-activedescendant", option.id)
    else this.#input.removeAttribute("aria-activedescendant")
    option?.scrollIntoView({ block: "nearest" })
  }

  #pick(event) {
    const option = event.target.closest("[role=option]")
    event.preventDefault()
    if (option) this.#take(option)
  }

  #take(option) {
    if (option) this.#input.value = option.dataset.value
    this.#forget()
    if (!this.#brings(this.#underWay)) this.#form.requestSubmit()
  }

  #last() {
    const remove = [...this.querySelectorAll("button[name=remove]")].at(-1)
    if (!remove || this.#underWay) return false
    remove.click()
  }

  /** Asked when whatever took the focus has it: a field that the page takes away, or a window left, is not left. */
  #leave() {
    if (!this.isConnected || document.activeElement === this.#input) return
    this.#forget()
    if (ADDRESS.test(this.#typed)) this.#take()
  }

  #submitted(event) {
    // htmx sends the form; a form that it has let go of already must lead nowhere.
    if (event.target === this.#form && window.htmx) event.preventDefault()
    if (event.target === this.closest("form") && this.#input.checkVisibility()) this.#hold(event)
  }

  #hold(event) {
    if (!this.#underWay && !ADDRESS.test(this.#typed)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.#held = event
    if (!this.#underWay) this.#take()
  }

  #leaves(ctx) {
    if (ctx.sourceElement === this.#form) this.#underWay = ctx.request.body
  }

  #answered(ctx) {
    if (ctx.sourceElement !== this.#form) return
    const taken = ctx.response?.status < 300
    if (taken && this.#brings(ctx.request.body)) this.#input.value = ""
    if (document.activeElement === document.body || (this.#held && !taken)) this.#input.focus()
    if (!taken) this.#held = undefined
    this.#underWay = undefined
    // The next request of the form, if one waits, leaves first.
    queueMicrotask(() => this.#release())
  }

  #release() {
    if (!this.#held || this.#underWay) return
    const { target, submitter } = this.#held
    this.#held = undefined
    target.requestSubmit(submitter)
  }

  /** Whether a request brings what stands in the field. */
  #brings(body) {
    return Boolean(body && !body.has("remove") && body.get("add") === this.#input.value)
  }
}

customElements.define("recipient-field", RecipientField)
