//! How callers come to trust the local authority.

use std::path::Path;

/// How to trust an authority in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trust {
    /// A program, a language or a system.
    pub place: &'static str,
    /// What to type there.
    pub command: String,
}

/// How to trust the authority whose certificate lies in `file`, place by place: first for one call of `url`, then for
/// programs, then for all of a system.
pub fn how_to_trust(file: &Path, url: &str) -> Vec<Trust> {
    let plain = file.display().to_string();
    let file = quoted(&plain);
    let list = [
        ("curl", format!("curl --cacert {file} {url}")),
        ("Node.js", format!("NODE_EXTRA_CA_CERTS={file} node caller.js")),
        ("Python requests", format!("REQUESTS_CA_BUNDLE={file} python3 caller.py")),
        ("Go", format!("SSL_CERT_FILE={file} ./caller")),
        ("Java", format!("keytool -importcert -noprompt -cacerts -storepass changeit -alias hookglass -file {file}")),
        ("Debian and Ubuntu", format!("sudo cp {file} /usr/local/share/ca-certificates/hookglass.crt && sudo update-ca-certificates")),
        ("Fedora", format!("sudo cp {file} /etc/pki/ca-trust/source/anchors/hookglass.pem && sudo update-ca-trust")),
        ("macOS", format!("sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {file}")),
        // A file name has no double quotes there, and its shells know no single ones.
        ("Windows", format!("certutil -user -addstore Root \"{plain}\"")),
    ];
    list.map(|(place, command)| Trust { place, command }).to_vec()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:+,@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(place: &str, file: &str) -> String {
        let list = how_to_trust(Path::new(file), "https://localhost:9701/");
        list.into_iter().find(|trust| trust.place == place).expect("bug: it is in the list").command
    }

    #[test]
    fn each_place_has_a_command_to_paste() {
        assert_eq!(command("curl", "/d/authority.pem"), "curl --cacert /d/authority.pem https://localhost:9701/");
        assert_eq!(command("Node.js", "/d/authority.pem"), "NODE_EXTRA_CA_CERTS=/d/authority.pem node caller.js");
    }

    #[test]
    fn a_path_with_spaces_is_one_word() {
        assert_eq!(command("curl", "/It's a/a.pem"), r"curl --cacert '/It'\''s a/a.pem' https://localhost:9701/");
        assert_eq!(command("Windows", r"C:\a b\a.pem"), r#"certutil -user -addstore Root "C:\a b\a.pem""#);
    }
}
