/* <shortcut-map>: presses the visible thing whose `data-key` was pressed ("e", "Shift+e", "Mod+Enter", "u Escape").
   What waits in a closed menu counts as visible where the menu's button is. Letters rest while the person types;
   combinations with Mod do not. "?" opens the sheet of keys in its <dialog>, as does anything with `data-opens-keys`;
   the sheet also tells of keys that others listen to: `data-tells-keys` holds {"what they do": "j k"}. */
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
    const told = [...document.querySelectorAll("[data-tells-keys]")].filter(element => element.checkVisibility())
    const rows = [
      ...this.#keyed().map(element => this.#row(labelOf(element), keysOf(element))),
      ...told.flatMap(element => Object.entries(JSON.parse(element.dataset.tellsKeys)).map(([label, keys]) => this.#row(label, keys.split(" ")))),
    ]
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
    return [...document.querySelectorAll("[data-key]")].filter(element => !element.disabled && isAtHand(element))
  }

  #row(label, keys) {
    const row = document.createElement("div")
    const name = document.createElement("dt")
    const marks = document.createElement("dd")
    row.className = "keys__row"
    name.textContent = label
    for (const key of keys) {
      const mark = document.createElement("kbd")
      mark.className = "kbd"
      mark.textContent = key.replace("Mod", navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl").replaceAll("+", " ")
      marks.append(mark, " ")
    }
    row.append(name, marks)
    return row
  }
}

function isAtHand(element) {
  const menu = element.closest("pop-menu [popover]")
  const shown = menu ? menu.closest("pop-menu").querySelector("[popovertarget]") : element
  return shown.checkVisibility({ visibilityProperty: true }) || Boolean(element.closest("rich-text[data-ready]"))
}

function keysOf(element) {
  return element.dataset.key.split(" ")
}

function labelOf(element) {
  const label = element.dataset.keyLabel || element.getAttribute("aria-label") || wordsOf(element.labels?.[0])
  return (label || element.querySelector(".button__label, .menu__label")?.textContent || element.firstChild?.textContent || element.textContent).trim()
}

function wordsOf(label) {
  const copy = label?.cloneNode(true)
  copy?.querySelectorAll("kbd").forEach(mark => mark.remove())
  return copy?.textContent
}

function activate(element) {
  const rich = element.closest("rich-text")
  if (rich && element.matches("textarea")) rich.focus()
  else if (element.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select")) element.focus()
  else element.click()
}

customElements.define("shortcut-map", ShortcutMap)
