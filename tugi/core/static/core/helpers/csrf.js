/* The token that changes need, as the page gives it to htmx. */
export function csrfHeaders() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}")
}
