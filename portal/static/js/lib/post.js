// Sends a form as the browser would, without leaving the page. Resolves to true when the server took it.
export async function postForm(form, submitter) {
  const body = new FormData(form, submitter ?? undefined);
  try {
    const answer = await fetch(form.action, { method: "POST", body });
    return answer.ok;
  } catch {
    return false;
  }
}
