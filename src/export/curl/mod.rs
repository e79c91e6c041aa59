//! A request as a cURL command that is safe to paste: whatever was received, it only names what is sent, and never ends a
//! quote, names a file or starts a command.
//!
//! bash, zsh, fish and every other POSIX shell take the same command, see [`posix`]. In PowerShell and cmd nothing that a
//! quote could not hold for certain stands in the command, see [`files`].

mod files;
mod posix;

use crate::wire::{Request, is_token};

/// For which shell a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// bash, zsh, fish, and whatever is like them.
    Posix,
    /// PowerShell, from 5.1 on.
    PowerShell,
    /// cmd.exe.
    Cmd,
}

impl Shell {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Posix, Self::PowerShell, Self::Cmd];

    /// The one that is usual on this platform.
    pub fn of_here() -> Self {
        if cfg!(windows) { Self::PowerShell } else { Self::Posix }
    }

    /// How the name of a file of such commands ends.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Posix => "sh",
            Self::PowerShell => "ps1",
            Self::Cmd => "cmd",
        }
    }

    /// How its lines end.
    pub fn line_end(self) -> &'static str {
        if self == Self::Cmd { "\r\n" } else { "\n" }
    }
}

/// Headers that curl writes itself, or that belong to the connection it was received on.
const OWN: [&str; 4] = ["content-length", "transfer-encoding", "connection", "host"];

/// Headers that curl would add.
const ADDED: [&str; 4] = ["Accept", "User-Agent", "Content-Type", "Expect"];

/// What curl is told whatever is sent: to leave everything as it is.
const AS_IS: &str = "--http1.1 --globoff --path-as-is";

/// Writes the command that sends the request to `base`, such as `http://127.0.0.1:9700`; `None` for a request whose
/// line is unreadable, which curl would never send.
pub fn command(request: &Request, base: &str, shell: Shell) -> Option<String> {
    let told = Told::of(request, base)?;
    Some(match shell {
        Shell::Posix => posix::command(&told),
        Shell::PowerShell => files::power_shell(&told),
        Shell::Cmd => files::cmd(&told),
    })
}

/// What curl is told.
struct Told<'a> {
    method: &'a str,
    /// Where to.
    url: String,
    /// What stands in the request line where a URL cannot say it.
    target: Option<&'a str>,
    /// As its option takes them.
    headers: Vec<Vec<u8>>,
    body: &'a [u8],
}

impl<'a> Told<'a> {
    fn of(request: &'a Request, base: &str) -> Option<Self> {
        let head = request.head();
        let (method, target) = (head.method?, head.target?);
        let is_said_by_url =
            target.starts_with('/') && target.bytes().all(|byte| byte.is_ascii_alphanumeric() || AS_IN_URL.contains(&byte));
        let url = format!("{base}{}", if is_said_by_url { target } else { "/" });
        let target = (!is_said_by_url).then_some(target);
        Some(Self { method, url, target, headers: headers(&head.headers), body: &request.body })
    }

    /// Whether only the head is asked for: with a body, curl would not send it so.
    fn is_head(&self) -> bool {
        self.method == "HEAD" && self.body.is_empty()
    }
}

/// What curl leaves in a URL as it is, besides letters and digits.
const AS_IN_URL: &[u8] = b"-._~:/?[]@!$&'()*+,;=%";

/// The headers as received; those that curl would add by itself are taken out.
fn headers(received: &[(&str, &[u8])]) -> Vec<Vec<u8>> {
    let mut headers = Vec::new();
    for (name, value) in received {
        let is_own = OWN.iter().any(|own| own.eq_ignore_ascii_case(name));
        // What else cannot be in a header was refused when it came, and would be again.
        let can_be_sent = !name.is_empty() && name.bytes().all(is_token) && !value.iter().any(|byte| b"\0\r\n".contains(byte));
        if !is_own && can_be_sent {
            let (colon, value) = if value.is_empty() { (";", *value) } else { (": ", *value) };
            headers.push([name.as_bytes(), colon.as_bytes(), value].concat());
        }
    }
    let added = ADDED.iter().filter(|added| !received.iter().any(|(name, _)| name.eq_ignore_ascii_case(added)));
    headers.extend(added.map(|added| format!("{added}:").into_bytes()));
    headers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shell: Shell, head: &[u8], body: &[u8], expected: &str) {
        let request = Request::complete(0, head, body);
        assert_eq!(command(&request, "http://127.0.0.1:9700", shell).as_deref(), Some(expected));
    }

    const PLAIN: &[u8] = b"POST /?SdkAppid=1&x=[1] HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 8\r\nX-Empty:\r\nAccept: */*\r\n\r\n";
    const HOSTILE: &[u8] = b"PUT /a#b HTTP/1.1\r\nUser-Agent: x\r\nAccept: y\r\nContent-Type: z\r\nExpect: q\r\nBad: \"\x1b\r\n\r\n";

    #[test]
    fn a_callback_is_sent_again_as_it_came() {
        check(
            Shell::Posix,
            PLAIN,
            br#"{"a":"'\"}"#,
            r#"curl --http1.1 --globoff --path-as-is \
  -X 'POST' \
  'http://127.0.0.1:9700/?SdkAppid=1&x=[1]' \
  -H 'X-Empty;' \
  -H 'Accept: */*' \
  -H 'User-Agent:' \
  -H 'Content-Type:' \
  -H 'Expect:' \
  --data-raw '{"a":"'\'''\\'"}'
"#,
        );
    }

    #[test]
    fn bytes_that_a_terminal_could_obey_are_escaped() {
        check(
            Shell::Posix,
            HOSTILE,
            b"@/etc/passwd\x1b[201~\x00%n'",
            r#"printf '%b' '\0100\0057etc\0057passwd\0033[201\0176\0000\0045n\0047' | curl --http1.1 --globoff --path-as-is \
  -X 'PUT' \
  --request-target '/a#b' \
  'http://127.0.0.1:9700/' \
  -H 'User-Agent: x' \
  -H 'Accept: y' \
  -H 'Content-Type: z' \
  -H 'Expect: q' \
  -H "$(printf '%b' 'Bad: "\0033')" \
  --data-binary @-
"#,
        );
    }

    #[test]
    fn power_shell_reads_a_body_from_a_file() {
        check(
            Shell::PowerShell,
            PLAIN,
            br#"{"a":"'$(calc)`"}"#,
            r#"$body = [IO.Path]::GetTempFileName()
[IO.File]::WriteAllText($body, '{"a":"''$(calc)`"}')
& (Get-Command curl -CommandType Application -TotalCount 1) --http1.1 --globoff --path-as-is `
  -X 'POST' `
  'http://127.0.0.1:9700/?SdkAppid=1&x=[1]' `
  -H 'X-Empty;' `
  -H 'Accept: */*' `
  -H 'User-Agent:' `
  -H 'Content-Type:' `
  -H 'Expect:' `
  --data-binary "@$body"
Remove-Item $body
"#,
        );
    }

    #[test]
    fn cmd_reads_what_is_not_plain_from_files() {
        let request = Request::complete(0, HOSTILE, "8Q");
        let command = command(&request, "http://127.0.0.1:9700", Shell::Cmd).expect("bug: it can be sent");
        let lines: Vec<&str> = command.split("\r\n").collect();
        assert!(lines[0].starts_with(r#">"%TEMP%\hookglass-curl-options.txt" echo(cmVxdWVzdCA9ICJQVVQiCnJlcXVlc3Q"#), "{command}");
        let expected = [
            r#"certutil -f -decode "%TEMP%\hookglass-curl-options.txt" "%TEMP%\hookglass-curl-options" >nul"#,
            r#">"%TEMP%\hookglass-curl-body.txt" echo(OFE="#,
            r#"certutil -f -decode "%TEMP%\hookglass-curl-body.txt" "%TEMP%\hookglass-curl-body" >nul"#,
            r#"curl --http1.1 --globoff --path-as-is -K "%TEMP%\hookglass-curl-options" --data-binary "@%TEMP%\hookglass-curl-body""#,
            r#"del "%TEMP%\hookglass-curl-*""#,
            "",
        ];
        assert_eq!(lines[1..], expected);
    }

    /// What of a PowerShell command stands outside its quoted texts.
    fn outside_of_quotes(command: &str) -> String {
        command.split('\'').step_by(2).collect()
    }

    #[test]
    fn nothing_that_was_received_stands_where_it_could_act() {
        let hostile = [
            "'; calc; '",
            "\"&calc&\"",
            "%calc%",
            "$(calc)",
            "`calc`",
            "^&calc",
            "‘; calc; ‘",
            "!calc!",
            "\\\" & calc",
            "'@\r\ncalc\r\n@'",
            "calc\u{85}calc\u{2028}",
        ];
        for hostile in hostile {
            let header = hostile.replace("\r\n", "");
            let head = format!("P'`$|^ST /{} HTTP/1.1\r\nX-A: {header}\r\n\r\n", header.replace(' ', "+"));
            let request = Request::complete(0, head, hostile);
            let power_shell = command(&request, "http://127.0.0.1:9700", Shell::PowerShell).expect("bug: it can be sent");
            assert!(power_shell.is_ascii() && !outside_of_quotes(&power_shell).contains("calc"), "{power_shell}");
            let cmd = command(&request, "http://127.0.0.1:9700", Shell::Cmd).expect("bug: it can be sent");
            let is_of_ours = |c: char| c.is_ascii_alphanumeric() || " \r\n\"%>(@*-_.\\/=+".contains(c);
            assert!(cmd.chars().all(is_of_ours) && !cmd.contains("calc"), "{cmd}");
        }
    }
}
