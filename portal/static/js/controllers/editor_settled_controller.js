// Once somebody has said which words stay, the copy on this device is done with.
import { forget } from "../lib/store.js";

export default (element) => element.addEventListener("submit", () => forget(element.dataset.key));
