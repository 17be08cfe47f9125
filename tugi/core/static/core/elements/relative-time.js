/* <relative-time data-form="ago"><time datetime>: keeps "5 minutes ago" true while the page stays open. Other forms
   (an hour, a day in the reader's own zone) are the server's and stay as they came. */
const UNITS = [["year", 31557600], ["month", 2629800], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]]
const shown = new Set()

class RelativeTime extends HTMLElement {
  connectedCallback() {
    if (this.dataset.form === "ago") shown.add(this)
  }

  disconnectedCallback() {
    shown.delete(this)
  }

  refresh() {
    const time = this.querySelector("time")
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000
    const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1]
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang)
    time.textContent = words.format(Math.trunc(seconds / size), unit)
  }
}

function refreshAll() {
  if (!document.hidden) for (const element of shown) element.refresh()
}

setInterval(refreshAll, 30_000)
document.addEventListener("visibilitychange", refreshAll)
customElements.define("relative-time", RelativeTime)
