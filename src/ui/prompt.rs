//! Questions on standard error, answered on standard input, be it a terminal or a pipe.
//!
//! An answer is a line. What is no answer is asked for again, and at the end of the input the default is
//! taken and said. Questions are shown with `--quiet` too: whoever is asked has to know.

use std::io::BufRead;

use crate::report::Question;

/// Asks until there is an answer or no more input; `say` shows a message.
pub(super) fn ask(
    question: &Question<'_>,
    input: &mut dyn BufRead,
    say: &mut dyn FnMut(&str),
) -> usize {
    for line in question.text.lines() {
        say(line);
    }
    loop {
        let mut answer = Vec::new();
        // Input that cannot be read has ended.
        let length = input.read_until(b'\n', &mut answer).unwrap_or(0);
        if length == 0 {
            let default = question.choices.get(question.default);
            let default = default.and_then(|words| words.last()).unwrap_or(&"");
            say(&format!("There is no answer; taking \"{default}\""));
            return question.default;
        }
        let answer = String::from_utf8_lossy(&answer);
        let is_it = |words: &&[&str]| {
            let mut words = words.iter();
            words.any(|word| word.to_lowercase() == answer.trim().to_lowercase())
        };
        if let Some(place) = question.choices.iter().position(is_it) {
            return place;
        }
        let all = question.choices.iter().map(|words| words.join(" or "));
        let all = all.collect::<Vec<_>>().join(", ");
        say(&format!("Please answer {all}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHOICES: &[&[&str]] = &[&["y", "yes"], &["n", "no"]];

    #[track_caller]
    fn check(mut input: &[u8], expected: usize, said: &[&str]) {
        let question = Question {
            text: "Really?",
            choices: CHOICES,
            default: 1,
        };
        let mut heard = Vec::new();
        let answer = ask(&question, &mut input, &mut |line| {
            heard.push(line.to_owned());
        });
        assert_eq!(answer, expected);
        assert_eq!(heard[0], "Really?");
        assert_eq!(&heard[1..], said);
    }

    #[test]
    fn an_answer_is_a_line_in_either_case() {
        check(b"y\n", 0, &[]);
        check(b" YES \r\nn\n", 0, &[]);
        check(b"No", 1, &[]);
    }

    #[test]
    fn what_is_no_answer_is_asked_for_again() {
        let again = "Please answer y or yes, n or no";
        check(b"maybe\n\xff\n\ny\n", 0, &[again, again, again]);
    }

    #[test]
    fn at_the_end_of_the_input_the_default_is_taken_and_said() {
        check(b"", 1, &["There is no answer; taking \"no\""]);
    }
}
