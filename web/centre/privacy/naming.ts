// How what is kept is called, and why it is kept. A kind that these words do not know is shown as what it is called.

import type { Car } from "../car";

export function kindOf({ words, t }: Car, kind: string): { title: string; why: string } {
  return {
    title: words.find(`privacy.kind_${kind}`) ?? kind,
    why: words.find(`privacy.why_${kind}`) ?? t("privacy.why_other"),
  };
}

/** What a purpose is, in words; `says` is the car's own sentence. */
export function purposeOf({ words }: Car, purpose: string): string {
  return words.find(`privacy.purpose_${purpose.replace(".", "_")}`) ?? purpose;
}

/** A number of bytes as people read it. */
export function bytes({ words }: Car, count: number): string {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;
  const step = Math.min(steps.length - 1, count < 1 ? 0 : Math.floor(Math.log10(count) / 3));
  return new Intl.NumberFormat(words.locale.value, {
    style: "unit",
    unit: steps[step]!,
    unitDisplay: step === 0 ? "long" : "narrow",
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(count / 1000 ** step);
}
