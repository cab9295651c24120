// Loads htmx on pages that ask for it. The token against forged requests is put on <body> first, so that every request
// below it carries the header.
const token = document.querySelector("meta[name='csrf-token']")?.content;
if (token) document.body.setAttribute("hx-headers:inherited", JSON.stringify({ "X-CSRFToken": token }));

await import("../vendor/htmx.esm.min.js");
