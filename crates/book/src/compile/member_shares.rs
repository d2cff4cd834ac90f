//! `[[share]]` rows of a plan: what the member pays.

use openpbm_core::{Cents, Percent, ProductKind};

use super::scopes::{Lists, maybe};
use crate::documents::{Table, cents, one_of, parsed};
use crate::{Coinsurance, Scope, Share, ShareKind};

const KINDS: [(&str, ProductKind); 2] =
    [("brand", ProductKind::Brand), ("generic", ProductKind::Generic)];
const WHICHEVER: [(&str, bool); 2] = [("greater", true), ("lesser", false)];

/// Reads a row.
pub(super) fn read(table: Table<'_>, lists: &Lists<'_>) -> Option<Share> {
    let scope = lists.scope(&table);
    let kind = maybe(&table, "kind", one_of(&KINDS));
    let share = share(&table);
    let source = table.source();
    table.end();
    Some(Share { scope: Scope { kind: kind?, ..scope? }, share: share?, source })
}

fn share(table: &Table<'_>) -> Option<ShareKind> {
    let copay = maybe(table, "copay", cents);
    let coinsurance = coinsurance(table);
    let whichever = maybe(table, "whichever", one_of(&WHICHEVER));
    let (has_copay, has_rate) = (table.has("copay"), table.has("coinsurance"));
    if !has_rate
        && let Some(key) = ["at_least", "at_most"].into_iter().find(|key| table.has(key))
        && has_copay
    {
        let text = format!("`{key}` bounds a coinsurance, but this row has a copay");
        table.report().mistake(table.place_of(key), text);
    }
    if table.has("whichever") && !(has_copay && has_rate) {
        let text = "`whichever` chooses between a copay and a coinsurance, but one is missing";
        table.report().mistake(table.place_of("whichever"), text);
        return None;
    }
    match (copay?, coinsurance?, whichever?) {
        (Some(copay), None, _) => Some(ShareKind::Copay(copay)),
        (None, Some(part), _) => Some(ShareKind::Coinsurance(part)),
        (Some(copay), Some(part), Some(true)) => Some(ShareKind::Greater(copay, part)),
        (Some(copay), Some(part), Some(false)) => Some(ShareKind::Lesser(copay, part)),
        (Some(_), Some(_), None) => {
            table.missing(
                "found both of `copay` and `coinsurance`, expected one, or `whichever` to say \
                 which counts",
            );
            None
        }
        (None, None, _) => {
            table.missing("found neither of `copay` and `coinsurance`, expected one");
            None
        }
    }
}

fn coinsurance(table: &Table<'_>) -> Option<Option<Coinsurance>> {
    let rate: Option<Option<Percent>> = maybe(table, "coinsurance", parsed);
    let at_least = maybe(table, "at_least", cents);
    let at_most = maybe(table, "at_most", cents);
    let Some(rate) = rate? else { return Some(None) };
    if rate > Percent::WHOLE {
        let text = format!("`coinsurance`: found {rate}, expected at most 100%");
        table.report().mistake(table.place_of("coinsurance"), text);
        return None;
    }
    let (at_least, at_most): (Option<Cents>, Option<Cents>) = (at_least?, at_most?);
    if let (Some(least), Some(most)) = (at_least, at_most)
        && most < least
    {
        let text = format!("`at_most`: found {most}, expected at least {least}");
        table.report().mistake(table.place_of("at_most"), text);
    }
    Some(Some(Coinsurance { rate, at_least, at_most }))
}
