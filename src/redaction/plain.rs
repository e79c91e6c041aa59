//! Text that has no form: nothing of it stays but how long it was, and who was named in it.

use super::alias::length;
use super::spot::Filling;

/// In longer texts nobody is looked for.
const LONGEST: usize = 64 * 1024;

/// What is known to be private becomes its alias, all between becomes its length: `(12 characters)user-1(3 characters)`.
pub fn mask(text: &str, filling: Filling<'_>) -> String {
    let stretches = if text.len() <= LONGEST { filling.stretches(text) } else { Vec::new() };
    let (mut out, mut at) = (String::new(), 0);
    for (start, end, words) in stretches {
        push(&mut out, &text[at..start]);
        out.push_str(&words);
        at = end;
    }
    push(&mut out, &text[at..]);
    out
}

fn push(out: &mut String, text: &str) {
    match text.chars().count() {
        0 => {}
        characters => {
            out.push('(');
            out.push_str(&length(characters));
            out.push(')');
        }
    }
}
