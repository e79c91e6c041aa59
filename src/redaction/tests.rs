use super::*;

#[test]
fn a_token_stands_in_no_sentence() {
    let redaction = Redaction::new(&[Token::new("xxxxyyyy")]);
    assert!(!redaction.text("it says xxxxyyyy").contains("xxxxyyyy"));
}
