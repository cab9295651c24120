// What a form kept in this window has arrived: it is forgotten when these are its words.
export default (element) => {
  const key = `dity:${element.dataset.keeps}`;
  try {
    const kept = JSON.parse(sessionStorage.getItem(key));
    const words = (kept?.subject ?? "").split(/\s+/).join(" ").trim();
    if (words === element.dataset.words) sessionStorage.removeItem(key);
  } catch {
    // Then nothing was kept.
  }
};
