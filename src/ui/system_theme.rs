//! Whether the desktop is dark, on Linux, where winit cannot tell: the settings portal says it, and says when it changes.
//!
//! Source: "XDG Desktop Portal", `org.freedesktop.portal.Settings`, namespace `org.freedesktop.appearance`:
//! <https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html>

use eframe::egui::Theme;

/// Tells the desktop's theme, and tells it again whenever it changes, from a thread of its own.
///
/// `None` means that the desktop has no preference, or that nobody is there to ask. On other systems nothing is ever
/// told: there winit knows, and egui follows by itself.
#[cfg(target_os = "linux")]
pub fn follow(tell: impl Fn(Option<Theme>) + Send + 'static) {
    let watching = std::thread::Builder::new().name("system theme".to_owned()).spawn(move || {
        if let Err(error) = portal::watch(&tell) {
            tracing::debug!(%error, "the desktop does not say whether it is dark");
            tell(None);
        }
    });
    if let Err(error) = watching {
        tracing::debug!(%error, "no thread to watch the desktop's theme");
    }
}

/// Elsewhere winit knows the theme and egui follows it by itself, so that nothing is ever told.
#[cfg(not(target_os = "linux"))]
pub fn follow(_tell: impl Fn(Option<Theme>) + Send + 'static) {}

#[cfg(target_os = "linux")]
mod portal {
    use eframe::egui::Theme;
    use zbus::{
        blocking::{Connection, Proxy},
        zvariant::{OwnedValue, Value},
    };

    const NAMESPACE: &str = "org.freedesktop.appearance";
    const KEY: &str = "color-scheme";

    /// Tells the theme of now and of every change, as long as the bus is there.
    pub(super) fn watch(tell: &impl Fn(Option<Theme>)) -> zbus::Result<()> {
        let bus = Connection::session()?;
        let settings =
            Proxy::new(&bus, "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings")?;
        // Subscribed before asking: a change between the two would be lost the other way round.
        let only_ours = [(0, NAMESPACE), (1, KEY)];
        let changes = settings.receive_signal_with_args("SettingChanged", &only_ours)?;
        tell(read(&settings)?);
        for change in changes {
            let body = change.body();
            let (_, _, value): (String, String, Value<'_>) = body.deserialize()?;
            tell(theme_of(&value));
        }
        Ok(())
    }

    fn read(settings: &Proxy<'_>) -> zbus::Result<Option<Theme>> {
        let key = &(NAMESPACE, KEY);
        // `Read` is the older method: it wraps the value once more, and every portal has it.
        let value: OwnedValue = settings.call("ReadOne", key).or_else(|_| settings.call("Read", key))?;
        Ok(theme_of(&value))
    }

    fn theme_of(value: &Value<'_>) -> Option<Theme> {
        if let Value::Value(inner) = value {
            return theme_of(inner);
        }
        match u32::try_from(value) {
            Ok(1) => Some(Theme::Dark),
            Ok(2) => Some(Theme::Light),
            Ok(_) | Err(_) => None,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::{Theme, Value, theme_of};

        #[test]
        fn the_portals_numbers_are_themes_however_often_they_are_wrapped() {
            assert_eq!(theme_of(&Value::U32(0)), None);
            assert_eq!(theme_of(&Value::U32(1)), Some(Theme::Dark));
            assert_eq!(theme_of(&Value::U32(2)), Some(Theme::Light));
            assert_eq!(theme_of(&Value::Value(Box::new(Value::U32(1)))), Some(Theme::Dark));
            assert_eq!(theme_of(&Value::from("dark")), None);
        }
    }
}
