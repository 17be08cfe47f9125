/* <drawer-toggle data-for="desk-context">: its button opens and closes a side column: as a drawer over the page
   where it is narrow, else by folding the column away, which is remembered on this device. Escape closes a drawer. */
const STORE = "tugi.drawer."
const narrow = matchMedia("(width < 1100px)")

class DrawerToggle extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    const signal = this.#listeners.signal
    if (localStorage.getItem(STORE + this.dataset.for)) this.#column?.toggleAttribute("data-closed", true)
    this.#tell()
    this.addEventListener("click", () => this.#toggle(), { signal })
    document.addEventListener("keydown", event => event.key === "Escape" && this.#close(), { signal })
    document.addEventListener("pointerdown", event => this.#outside(event), { signal })
    narrow.addEventListener("change", () => this.#close() ?? this.#tell(), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #column() {
    return document.getElementById(this.dataset.for)
  }

  get #isOpen() {
    return narrow.matches ? this.#column?.hasAttribute("data-open") : !this.#column?.hasAttribute("data-closed")
  }

  #toggle() {
    if (narrow.matches) return this.#isOpen ? this.#close() : this.#open()
    const closed = this.#column.toggleAttribute("data-closed")
    if (closed) localStorage.setItem(STORE + this.dataset.for, "closed")
    else localStorage.removeItem(STORE + this.dataset.for)
    this.#tell()
  }

  #open() {
    this.#column.toggleAttribute("data-open", true)
    this.#column.tabIndex = -1
    this.#column.focus()
    this.#tell()
  }

  #close() {
    if (!this.#column?.hasAttribute("data-open")) return
    this.#column.removeAttribute("data-open")
    this.querySelector("button").focus()
    this.#tell()
  }

  #outside(event) {
    if (!this.contains(event.target) && !this.#column?.contains(event.target)) this.#close()
  }

  #tell() {
    this.querySelector("button").setAttribute("aria-expanded", String(Boolean(this.#isOpen)))
  }
}

customElements.define("drawer-toggle", DrawerToggle)
