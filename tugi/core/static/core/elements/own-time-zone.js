/* <own-time-zone>: chooses the browser's own time zone in its select, where that is among what it offers. */
class OwnTimeZone extends HTMLElement {
  connectedCallback() {
    const select = this.querySelector("select")
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
    if ([...select.options].some(option => option.value === zone)) select.value = zone
  }
}

customElements.define("own-time-zone", OwnTimeZone)
