// What is kept on this device only. Browsers may refuse (private windows, full disk); then nothing is remembered.
export function recall(key, otherwise = null) {
  try {
    return JSON.parse(localStorage.getItem(`dity:${key}`)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`dity:${key}`, JSON.stringify(value));
  } catch {
    // Ticks and choices are a comfort, never needed.
  }
}
