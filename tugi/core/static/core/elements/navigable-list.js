/* <navigable-list>: j and k walk its rows (`.item`), Enter or o opens, x selects; Shift with a click selects a
   range. The opened row becomes the current one. Says `selection-changed` with how many are selected. */
import { isTyping, spell } from "tugi/keys"

const LINK = ".item__subject"

class NavigableList extends HTMLElement {
  #listeners = new AbortController()
  #last

  connectedCallback() {
    const signal = this.#listeners.signal
    document.addEventListener("keydown", event => this.#press(event), { signal })
    this.addEventListener("click", event => this.#click(event), { signal })
    this.addEventListener("change", () => this.#tell(), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  get #rows() {
    return [...this.querySelectorAll(".item")]
  }

  #press(event) {
    if (event.defaultPrevented || event.altKey || isTyping(event) || !this.checkVisibility()) return
    if (document.querySelector("dialog:modal, :popover-open")) return
    const act = { j: () => this.#walk(1), k: () => this.#walk(-1), o: () => this.#open(), x: () => this.#select() }[spell(event)]
    if (!act) return
    event.preventDefault()
    act()
  }

  #here() {
    const rows = this.#rows
    const focused = rows.indexOf(document.activeElement?.closest?.(".item"))
    return focused >= 0 ? focused : rows.findIndex(row => row.getAttribute("aria-current") === "true")
  }

  #walk(step) {
    const rows = this.#rows
    const row = rows[Math.min(Math.max(this.#here() + step, 0), rows.length - 1)]
    row?.querySelector(LINK).focus({ focusVisible: true })
    row?.scrollIntoView({ block: "nearest" })
  }

  #open() {
    this.#rows[this.#here()]?.querySelector(LINK).click()
  }

  #select() {
    this.#rows[this.#here()]?.querySelector("input[type=checkbox]")?.click()
  }

  #click(event) {
    const row = event.target.closest(".item")
    if (event.target.matches("input[type=checkbox]")) this.#range(event, row)
    else if (event.target.closest(LINK) && !event.metaKey && !event.ctrlKey) this.#makeCurrent(row)
  }

  #range(event, row) {
    const rows = this.#rows
    if (event.shiftKey && this.#last?.isConnected) {
      const [from, to] = [rows.indexOf(this.#last), rows.indexOf(row)].sort((a, b) => a - b)
      for (const each of rows.slice(from, to + 1)) each.querySelector("input[type=checkbox]").checked = event.target.checked
    }
    this.#last = row
  }

  #makeCurrent(row) {
    for (const each of this.#rows) each.removeAttribute("aria-current")
    row.setAttribute("aria-current", "true")
    row.classList.remove("item--unread")
  }

  #tell() {
    const count = this.querySelectorAll(".item :checked").length
    this.dispatchEvent(new CustomEvent("selection-changed", { bubbles: true, detail: { count } }))
  }
}

customElements.define("navigable-list", NavigableList)
