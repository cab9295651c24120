// What is kept in this browser only: on this device, or within this `tab` and gone with it. Browsers may refuse (private
// windows, full disk); then nothing is remembered, for it is a comfort and never needed.
const keeping = (storage) => ({
  recall(key, otherwise = null) {
    try {
      return JSON.parse(storage().getItem(`dity:${key}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },

  // Returns whether it was kept.
  remember(key, value) {
    try {
      storage().setItem(`dity:${key}`, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },

  forget(key) {
    try {
      storage().removeItem(`dity:${key}`);
    } catch {
      // Then there was nothing to forget.
    }
  },
});

export const { recall, remember, forget } = keeping(() => localStorage);
export const tab = keeping(() => sessionStorage);

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
