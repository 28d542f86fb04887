//! Adding to a list of texts: `ignore`, `excludeDirs`.

use super::layout::Layout;
use super::lines;
use super::style::scalar;

/// The text with `added` at the end of the list under `key`, which is made before `at` where there is none.
pub(super) fn with_texts(
    layout: &Layout<'_>,
    key: &str,
    added: &[String],
    at: usize,
) -> Option<String> {
    let text = layout.text;
    let values = added.iter().map(|text| scalar(text));
    let values: Vec<String> = values.collect::<Option<_>>()?;
    let line_break = lines::line_break(text);
    let block = |column: usize| -> String {
        let items = values.iter();
        let items = items.map(|value| format!("{:column$}- {value}{line_break}", ""));
        items.collect()
    };
    let keys = layout.keys()?;
    let Some((_, place, value)) = keys.iter().rfind(|(name, ..)| *name == key) else {
        let column = layout.column;
        let new = format!("{:column$}{key}:{line_break}{}", "", block(column));
        return Some(lines::insert(text, at, &new));
    };
    let span = layout.span(*value);
    let shown = &text[span.clone()];
    let in_brackets = !values
        .iter()
        .any(|value| value.contains([',', '[', ']', '{', '}']));
    match layout.items(*value) {
        Some([]) if in_brackets => Some(lines::splice(
            text,
            span,
            &format!("[{}]", values.join(", ")),
        )),
        Some([.., last]) if shown.starts_with('[') && in_brackets => {
            let at = layout.span(*last).end;
            Some(lines::splice(
                text,
                at..at,
                &format!(", {}", values.join(", ")),
            ))
        }
        Some([.., last]) if !shown.starts_with(['[', '&', '!']) => {
            let column = lines::column(text, layout.dash(*last)?)?;
            let at = lines::end_if_last(text, layout.span(*last).end)?;
            Some(lines::insert(text, at, &block(column)))
        }
        None if shown.is_empty() => {
            let at = lines::end_if_last(text, place.end + 1)?;
            Some(lines::insert(text, at, &block(layout.column)))
        }
        _ => None,
    }
}
