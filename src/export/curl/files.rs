//! The commands for PowerShell and cmd.
//!
//! How quotes get from these shells to a program depends on their version, and which bytes it is given on the code page;
//! so nothing stands in the command that could be read in more than one way. Where all options are plain, they stand in
//! it; else all of them are in a file that curl reads. A body comes from a file too. What is not plain is written
//! into these as base64: in cmd that is every body, in PowerShell one that is more than printable ASCII. Beyond that,
//! a script's bytes may be read as Windows-1252, in which parts of Chinese characters are quotes.

use super::{AS_IS, Told};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The longest options that stand in a command, in bytes all together: a line of cmd has 8,191 characters.
const LONGEST: usize = 4_000;

/// How much base64 stands on a line of cmd.
const LINE: usize = 6_000;

/// The file of the options, and that of the body, each a variable.
pub fn power_shell(told: &Told<'_>) -> String {
    let is_plain = |text: &[u8]| text.iter().all(|byte| matches!(byte, b' '..=b'~') && !b"\"\\".contains(byte));
    let quote = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let (mut before, mut files) = (String::new(), Vec::new());
    let mut words = vec![format!("& (Get-Command curl -CommandType Application -TotalCount 1) {AS_IS}")];
    if let Some(options) = plain_options(told, is_plain) {
        words.extend(options.into_iter().map(|(option, value)| format!("{option} {}", quote(&value)).trim_start().to_owned()));
    } else {
        before += &write_file("options", &config(told));
        words.push("-K \"$options\"".to_owned());
        files.push("$options");
    }
    words.extend(told.is_head().then(|| "--head".to_owned()));
    if !told.body.is_empty() {
        before += &write_file("body", told.body);
        words.push("--data-binary \"@$body\"".to_owned());
        files.push("$body");
    }
    let after = if files.is_empty() { String::new() } else { format!("Remove-Item {}\n", files.join(", ")) };
    format!("{before}{}\n{after}", words.join(" `\n  "))
}

/// Makes a file of these bytes, and a variable of its name.
fn write_file(variable: &str, bytes: &[u8]) -> String {
    let write = match std::str::from_utf8(bytes) {
        Ok(text) if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) => {
            format!("WriteAllText(${variable}, '{}')", text.replace('\'', "''"))
        }
        _ => format!("WriteAllBytes(${variable}, [Convert]::FromBase64String('{}'))", STANDARD.encode(bytes)),
    };
    format!("${variable} = [IO.Path]::GetTempFileName()\n[IO.File]::{write}\n")
}

pub fn cmd(told: &Told<'_>) -> String {
    let is_plain = |text: &[u8]| text.iter().all(|byte| byte.is_ascii_alphanumeric() || b" -_.:/;,=*+@()[]{}&?~".contains(byte));
    let (mut lines, mut words) = (Vec::new(), vec![format!("curl {AS_IS}")]);
    if let Some(options) = plain_options(told, is_plain) {
        words.extend(options.into_iter().map(|(option, value)| format!("{option} \"{value}\"").trim_start().to_owned()));
    } else {
        decode_file(OPTIONS, &config(told), &mut lines);
        words.push(format!("-K \"{OPTIONS}\""));
    }
    words.extend(told.is_head().then(|| "--head".to_owned()));
    if !told.body.is_empty() {
        decode_file(BODY, told.body, &mut lines);
        words.push(format!("--data-binary \"@{BODY}\""));
    }
    let has_files = !lines.is_empty();
    lines.push(words.join(" "));
    lines.extend(has_files.then(|| "del \"%TEMP%\\hookglass-curl-*\"".to_owned()));
    lines.into_iter().map(|line| line + "\r\n").collect()
}

const OPTIONS: &str = "%TEMP%\\hookglass-curl-options";
const BODY: &str = "%TEMP%\\hookglass-curl-body";

/// Makes a file of these bytes, by another one that has them as base64.
fn decode_file(file: &str, bytes: &[u8], lines: &mut Vec<String>) {
    let encoded = STANDARD.encode(bytes);
    for (at, line) in encoded.as_bytes().chunks(LINE).enumerate() {
        let arrow = if at == 0 { ">" } else { ">>" };
        // Before the words, where no digit can be taken for the number of an output; with a parenthesis, since `echo OFF=` is
        // something else.
        lines.push(format!("{arrow}\"{file}.txt\" echo({}", String::from_utf8_lossy(line)));
    }
    lines.push(format!("certutil -f -decode \"{file}.txt\" \"{file}\" >nul"));
}

/// The options as they stand in a command, each with its value; `None` where one of them could be misread. The URL has
/// no option.
fn plain_options(told: &Told<'_>, is_plain: impl Fn(&[u8]) -> bool) -> Option<Vec<(&'static str, String)>> {
    let options = options(told);
    let length: usize = options.iter().map(|(_, value)| value.len()).sum();
    let are_plain = length <= LONGEST && options.iter().all(|(_, value)| is_plain(value));
    let short = |option| match option {
        "request" => "-X",
        "request-target" => "--request-target",
        "header" => "-H",
        _ => "",
    };
    are_plain.then(|| options.into_iter().map(|(option, value)| (short(option), String::from_utf8_lossy(&value).into_owned())).collect())
}

fn options(told: &Told<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let mut options = Vec::new();
    if !told.is_head() {
        options.push(("request", told.method.as_bytes().to_vec()));
    }
    options.extend(told.target.map(|target| ("request-target", target.as_bytes().to_vec())));
    options.push(("url", told.url.as_bytes().to_vec()));
    options.extend(told.headers.iter().map(|header| ("header", header.clone())));
    options
}

/// The options as a file of curl's: one a line, each value in quotes.
fn config(told: &Told<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    for (option, value) in options(told) {
        file.extend(format!("{option} = \"").bytes());
        for byte in value {
            if b"\"\\".contains(&byte) {
                file.push(b'\\');
            }
            file.push(byte);
        }
        file.extend(b"\"\n");
    }
    file
}
