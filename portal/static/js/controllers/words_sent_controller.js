// What a form kept in this window has arrived: it is forgotten when these are its words.
import { tab } from "../lib/store.js";

export default (element) => {
  const words = (tab.recall(element.dataset.keeps)?.subject ?? "").split(/\s+/).join(" ").trim();
  if (words === element.dataset.words) tab.forget(element.dataset.keeps);
};
