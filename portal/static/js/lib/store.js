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

export function forget(key) {
  try {
    localStorage.removeItem(`dity:${key}`);
  } catch {
    // Then there was nothing to forget.
  }
}

// Forgets what was remembered under names that begin so, once it is older than that many days.
export function sweep(beginning, days) {
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith(`dity:${beginning}`))) {
      if (!(JSON.parse(localStorage.getItem(key))?.at > Date.now() - days * 86_400_000)) localStorage.removeItem(key);
    }
  } catch {
    // As above.
  }
}
