/**
 * The fewest parts that still fail, by leaving out ever smaller runs of them. What is left is minimal: without any one
 * part the failure is gone.
 */
export async function shrink<Part>(
  parts: readonly Part[],
  stillFails: (parts: readonly Part[]) => Promise<boolean>,
): Promise<readonly Part[]> {
  let kept = parts
  let length = Math.ceil(kept.length / 2)
  while (length >= 1) {
    let leftOutOne = false
    for (let from = 0; from < kept.length; ) {
      const without = [...kept.slice(0, from), ...kept.slice(from + length)]
      if (await stillFails(without)) {
        kept = without
        leftOutOne = true
      } else from += length
    }
    if (length > 1) length = Math.ceil(length / 2)
    else if (!leftOutOne) return kept
  }
  return kept
}
