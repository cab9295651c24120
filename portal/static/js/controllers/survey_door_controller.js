// Sends the code that the link of a mail carries behind its #, and takes it out of the address, where the history of a
// shared computer would keep it. Servers never see what stands there, so no log holds it.
export default (form) => {
  const open = () => {
    const code = location.hash.slice(1);
    if (!code || code === "main") return;
    history.replaceState(null, "", location.pathname + location.search);
    form.elements.code.value = code;
    form.submit();
  };
  addEventListener("hashchange", open);
  open();
};
