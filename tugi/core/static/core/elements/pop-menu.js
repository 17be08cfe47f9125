/* <pop-menu data-place="below|above|right">: sets its popover beside its button and lets the arrows walk the items.
   Choosing an item closes it, unless the item has `data-stays`. What is loaded into it may come after it opened. */
const GAP = 4
const EDGE = 8

class PopMenu extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    const signal = this.#listeners.signal
    this.#menu.addEventListener("toggle", event => this.#toggled(event.newState === "open"), { signal })
    this.#menu.addEventListener("htmx:after:swap", () => this.#filled(), { signal })
    this.#menu.addEventListener("keydown", event => this.#walk(event), { signal })
    this.#menu.addEventListener("click", event => this.#chosen(event), { signal })
    this.#button.setAttribute("aria-expanded", "false")
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #menu() {
    return this.querySelector("[popover]")
  }

  get #button() {
    return this.querySelector("[popovertarget]")
  }

  get #items() {
    return [...this.#menu.querySelectorAll("[role^=menuitem]:not(:disabled)")]
  }

  #toggled(open) {
    this.#button.setAttribute("aria-expanded", String(open))
    if (open) this.#enter()
  }

  #filled() {
    if (this.#menu.matches(":popover-open") && !this.#menu.contains(document.activeElement)) this.#enter()
  }

  #enter() {
    this.#place()
    this.#items[0]?.focus({ focusVisible: false })
  }

  #place() {
    const button = this.#button.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this.#menu
    const beside = this.dataset.place === "right" && innerWidth >= 700
    const under = button.bottom + GAP + height <= innerHeight - EDGE && this.dataset.place !== "above"
    const left = beside ? button.right + GAP * 2 : button.left + width <= innerWidth - EDGE ? button.left : button.right - width
    const top = beside ? button.bottom - height : under ? button.bottom + GAP : button.top - GAP - height
    this.#menu.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - width - EDGE))}px`
    this.#menu.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`
  }

  #walk(event) {
    const items = this.#items
    const here = items.indexOf(document.activeElement)
    const next = { ArrowDown: here + 1, ArrowUp: here < 0 ? -1 : here - 1, Home: 0, End: -1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    items.at(next % items.length)?.focus({ focusVisible: true })
  }

  #chosen(event) {
    const item = event.target.closest("[role^=menuitem]")
    if (item && !item.closest("[data-stays]")) this.#menu.hidePopover()
  }
}

customElements.define("pop-menu", PopMenu)
