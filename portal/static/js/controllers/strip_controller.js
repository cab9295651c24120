// A line of tabs that scrolls: what is open is in sight, also where it stands at the far end.
export default (element) => {
  const open = element.querySelector("[aria-current]");
  if (!open || element.scrollWidth <= element.clientWidth) return;
  const [tab, strip] = [open.getBoundingClientRect(), element.getBoundingClientRect()];
  element.scrollLeft += tab.left + tab.width / 2 - strip.left - strip.width / 2;
};
