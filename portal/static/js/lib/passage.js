// A passage on its way from the article to the form, within this tab only. Where nothing is kept, the form asks for the
// passage, as it does without script.
import { tab } from "./store.js";

export const sendAlong = (slug, passage) => tab.remember("passage", { slug, ...passage });

export function takeOver(slug) {
  const found = tab.recall("passage");
  tab.forget("passage");
  return found?.slug === slug ? found : null;
}
