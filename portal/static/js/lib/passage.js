// A passage on its way from the article to the form, within this tab only.
const KEY = "dity:passage";

export function sendAlong(slug, passage) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ slug, ...passage }));
  } catch {
    // Then the form asks for the passage, as it does without script.
  }
}

export function takeOver(slug) {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return found?.slug === slug ? found : null;
  } catch {
    return null;
  }
}
