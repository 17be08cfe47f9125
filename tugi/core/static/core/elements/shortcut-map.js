/* <shortcut-map>: presses the visible thing whose `data-key` was pressed ("e", "Shift+e", "Mod+Enter", "u Escape").
   Letters rest while the person types; combinations with Mod do not. "?" opens the sheet of keys in its <dialog>,
   as does anything with `data-opens-keys`. */
import { isTyping, spell } from "tugi/keys"

class ShortcutMap extends HTMLElement {
  #listeners = new AbortController()

  connectedCallback() {
    const signal = this.#listeners.signal
    document.addEventListener("keydown", event => this.#press(event), { signal, capture: true })
    document.addEventListener("click", event => event.target.closest("[data-opens-keys]") && this.open(), { signal })
  }

  disconnectedCallback() {
    this.#listeners.abort()
    this.#listeners = new AbortController()
  }

  /** Show every key that works on the page now. */
  open() {
    const rows = this.#keyed().map(element => this.#row(element))
    this.querySelector("[data-part=list]").replaceChildren(...rows)
    this.querySelector("dialog").showModal()
  }

  #press(event) {
    if (event.defaultPrevented || event.altKey || event.isComposing || event.repeat) return
    const key = spell(event)
    if (!key.startsWith("Mod+") && isTyping(event)) return
    if (document.querySelector("dialog:modal") || (key === "Escape" && document.querySelector(":popover-open"))) return
    const found = this.#keyed().findLast(element => keysOf(element).includes(key))
    if (!found && key !== "?") return
    event.preventDefault()
    event.stopPropagation()
    if (found && !found.dataset.opensKeys) activate(found)
    else this.open()
  }

  #keyed() {
    return [...document.querySelectorAll("[data-key]")].filter(
      element => !element.disabled && (element.checkVisibility({ visibilityProperty: true }) || element.closest("rich-text[data-ready]")),
    )
  }

  #row(element) {
    const row = document.createElement("div")
    const name = document.createElement("dt")
    const keys = document.createElement("dd")
    row.className = "keys__row"
    name.textContent = labelOf(element)
    for (const key of keysOf(element)) {
      const mark = document.createElement("kbd")
      mark.className = "kbd"
      mark.textContent = key.replace("Mod", navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl").replaceAll("+", " ")
      keys.append(mark, " ")
    }
    row.append(name, keys)
    return row
  }
}

function keysOf(element) {
  return element.dataset.key.split(" ")
}

function labelOf(element) {
  const label = element.dataset.keyLabel || element.getAttribute("aria-label") || element.labels?.[0]?.textContent
  return (label || element.querySelector(".button__label, .menu__label")?.textContent || element.firstChild?.textContent || element.textContent).trim()
}

function activate(element) {
  const rich = element.closest("rich-text")
  if (rich && element.matches("textarea")) rich.focus()
  else if (element.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select")) element.focus()
  else element.click()
}

customElements.define("shortcut-map", ShortcutMap)
