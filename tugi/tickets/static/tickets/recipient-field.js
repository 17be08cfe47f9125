/* <recipient-field data-search data-form data-options>: adds somebody to those who get the reply. What is typed is
   looked for among the contacts; the arrows choose, Enter takes the chosen, or else the address that was typed.
   Backspace in the empty field takes the last one out. An address left standing counts when the field is left. */
const PAUSE = 150

class RecipientField extends HTMLElement {
  #listeners = new AbortController()
  #timer
  #acted = false
  #adding = false

  connectedCallback() {
    const signal = this.#listeners.signal
    this.addEventListener("input", () => this.#later(), { signal })
    this.addEventListener("focusout", () => this.#leave(), { signal })
    // Before the keys of the page: Mod+Enter must not send while an address is still being typed.
    window.addEventListener("keydown", event => event.target === this.#input && this.#press(event), { signal, capture: true })
    this.#options?.addEventListener("pointerdown", event => this.#pick(event), { signal })
    this.#form?.addEventListener("submit", event => this.#sent(event.submitter), { signal })
    document.addEventListener("htmx:after:request", event => this.#taken(event.detail.ctx), { signal })
    document.addEventListener("htmx:after:swap", () => this.#swapped(), { signal })
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #input() {
    return this.querySelector("[role=combobox]")
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

  #press(event) {
    const typed = this.#input.value.trim()
    const act = {
      ArrowDown: () => this.#walk(1),
      ArrowUp: () => this.#walk(-1),
      Enter: () => typed && this.#take(this.#chosen ?? (typed.includes("@") ? undefined : this.#found[0])),
      Escape: () => this.#isOpen && this.#close(),
      Backspace: () => !this.#input.value && this.#last(),
    }[event.key]
    if (!act || event.isComposing || act() === false) return
    if (event.key === "Backspace" && typed) return
    event.preventDefault()
    event.stopPropagation()
  }

  get #isOpen() {
    return this.#options.matches(":popover-open")
  }

  #later() {
    clearTimeout(this.#timer)
    const typed = this.#input.value.trim()
    if (typed.length < 2) return this.#close()
    const where = `${this.dataset.search}?q=${encodeURIComponent(typed)}`
    this.#timer = setTimeout(() => window.htmx?.ajax("GET", where, { target: this.#options, swap: "innerHTML" }), PAUSE)
  }

  #swapped() {
    const looking = document.activeElement === this.#input && this.#input.value.trim().length > 1
    if (looking && this.#found.length) this.#open()
    else this.#close()
    if (this.#acted && document.activeElement === document.body) this.#input.focus()
    this.#acted = false
  }

  #open() {
    const place = this.#input.getBoundingClientRect()
    if (!this.#isOpen) this.#options.showPopover()
    this.#options.style.left = `${place.left}px`
    this.#options.style.top = `${Math.max(8, place.top - this.#options.offsetHeight - 4)}px`
    this.#input.setAttribute("aria-expanded", "true")
  }

  #close() {
    if (this.#isOpen) this.#options.hidePopover()
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
    this.#form.requestSubmit()
  }

  #last() {
    const remove = [...this.querySelectorAll("button[name=remove]")].at(-1)
    if (!remove) return false
    remove.click()
  }

  #leave() {
    this.#close()
    if (/^\S+@\S+\.\S+$/.test(this.#input.value.trim())) this.#take()
  }

  #sent(button) {
    clearTimeout(this.#timer)
    this.#acted = true
    this.#adding = button?.name !== "remove"
    this.#close()
  }

  #taken(ctx) {
    if (ctx.sourceElement !== this.#form || !this.#adding) return
    this.#adding = false
    if (ctx.response?.status < 300) this.#input.value = ""
  }
}

customElements.define("recipient-field", RecipientField)
