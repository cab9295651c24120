import { postForm } from "../lib/post.js";

// Puts a notice away at once and tells the server; brings it back when the server does not take it.
export default (element) => {
  element.addEventListener("submit", async (event) => {
    if (!event.target.closest(".alert-dismiss")) return;
    event.preventDefault();
    element.hidden = true;
    if (!(await postForm(event.target, event.submitter))) element.hidden = false;
  });
};
