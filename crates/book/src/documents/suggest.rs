//! "Did you mean": the known word that is closest to a misspelt one.

/// The closest of the known words, if it is close enough to be meant.
pub(crate) fn closest<'k>(
    found: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let found: Vec<char> = found.to_lowercase().chars().take(80).collect();
    // Everything is close to one or two letters.
    if found.len() < 3 {
        return None;
    }
    let bound = (found.len() / 4).max(1);
    known
        .into_iter()
        .filter_map(|word| {
            let letters: Vec<char> = word.to_lowercase().chars().collect();
            let far = letters.len().abs_diff(found.len()) > bound;
            let distance = if far { usize::MAX } else { distance(&found, &letters) };
            (distance <= bound).then_some((distance, word))
        })
        .min()
        .map(|(_, word)| word)
}

/// How many letters have to be put in, left out, replaced or swapped with their neighbour.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&last, j).saturating_add(usize::from(letter != other));
            let left_out = at(&last, j + 1).saturating_add(1);
            let put_in = at(&row, j).saturating_add(1);
            let swap =
                i > 0 && j > 0 && a.get(i - 1) == Some(other) && b.get(j - 1) == Some(letter);
            let swapped = if swap { at(&before_last, j - 1).saturating_add(1) } else { usize::MAX };
            row.push(replaced.min(left_out).min(put_in).min(swapped));
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_word_is_suggested_only_if_it_is_close() {
        let known = ["copay", "coinsurance", "at_least", "at_most", "kind"];
        for (found, meant) in [
            ("copya", Some("copay")),
            ("Copay", Some("copay")),
            ("coinsurence", Some("coinsurance")),
            ("at_mots", Some("at_most")),
            ("kin", Some("kind")),
            ("deductible", None),
            ("at", None),
            ("", None),
        ] {
            assert_eq!(closest(found, known), meant, "{found}");
        }
    }
}
