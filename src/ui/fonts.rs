//! Which face draws which character.
//!
//! Words are Inter, once at its regular weight and once at 600 for what must be found first; what came over the wire is
//! Hack. What neither has comes from the system's fonts, mapped into memory when first needed: first from one face for
//! Chinese, Japanese and Korean, chosen here, then from whatever the system finds, emoji included.
//!
//! # Why the East Asian face is chosen here
//!
//! Chinese and Japanese share code points whose shapes differ. fontconfig orders its faces by `$LANG`, and under a
//! locale like `C.UTF-8` or `de_DE.UTF-8` the Japanese face comes first, so Chinese text would be drawn in Japanese
//! shapes. Here the text is Chinese unless the reader's own locale is Japanese or Korean.
//!
//! egui appends a face that was found to the family's chain and then no longer asks for what that face covers. So
//! this provider stands first and answers for every character its face has, symbols too: otherwise an arrow that the
//! system finds in a Japanese face would bring its ideographs along.

use std::sync::{Arc, LazyLock};

use eframe::egui::{
    Context, FontData, FontDefinitions, FontFamily, FontTweak,
    epaint::text::{FallbackRequest, FontInsert, FontPriority, FontProvider, InsertFontFamily, VariationCoords},
};
use egui_system_font_provider::SystemFontProvider;
use fontique::{
    Attributes, Collection, CollectionOptions, FontStyle, FontWeight, FontWidth, QueryFamily, QueryFont, QueryStatus, SourceCache,
    SourceCacheOptions,
};

use super::theme;

const INTER: &str = "Inter";
const INTER_STRONG: &str = "Inter 600";
/// So that 12 px Hack stands on the same line as 13 px Inter beside it.
const HACK_DOWN: f32 = 0.06;
/// East Asian faces have tall line boxes, which egui centres on Inter's; this lifts their glyphs to its middle.
const EAST_ASIAN_UP: f32 = -0.1;
/// Names that egui's own definitions give to what it bundles.
const HACK: &str = "Hack";
const ICONS: &str = "egui-icons";

/// Installs the faces, and begins to look for the system's on threads of their own.
///
/// A frame that needs one of the system's faces before they are enumerated (some 40 ms) waits for that.
pub fn install(ctx: &Context) {
    ctx.set_fonts(definitions());
    let system = Arc::new(System::default());
    system.clone().look_ahead();
    ctx.set_font_providers(vec![Arc::new(EastAsian(system.clone())), Arc::new(Others(system))]);
}

fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    // Its light weight beside Inter would look like a mistake, and Hack has the symbols it was there for.
    fonts.font_data.remove("Ubuntu-Light");
    if let Some(hack) = fonts.font_data.get_mut(HACK) {
        Arc::make_mut(hack).tweak.y_offset_factor = HACK_DOWN;
    }
    for (name, weight) in [(INTER, 400.0), (INTER_STRONG, 600.0)] {
        fonts.font_data.insert(name.to_owned(), Arc::new(inter(weight)));
    }
    fonts.families = [
        (FontFamily::Proportional, [INTER, HACK, ICONS]),
        (theme::strong_family(), [INTER_STRONG, HACK, ICONS]),
        (FontFamily::Monospace, [HACK, INTER, ICONS]),
    ]
    .into_iter()
    .map(|(family, names)| (family, names.map(str::to_owned).to_vec()))
    .collect();
    fonts
}

fn inter(weight: f32) -> FontData {
    FontData::from_static(ttf_inter::REGULAR).tweak(FontTweak { coords: VariationCoords::new([(b"wght", weight)]), ..FontTweak::default() })
}

/// What the system has, found on a thread of its own.
struct System {
    /// `None` where it has no fonts at all.
    faces: LazyLock<Option<Faces>>,
    others: LazyLock<SystemFontProvider>,
}

/// One face for Chinese, Japanese and Korean, in the shapes that the reader expects.
struct EastAsian(Arc<System>);

/// Whatever else the system finds, emoji included.
struct Others(Arc<System>);

struct Faces {
    words: Option<QueryFont>,
    strong: Option<QueryFont>,
    mono: Option<QueryFont>,
}

impl Default for System {
    fn default() -> Self {
        Self { faces: LazyLock::new(Faces::find_if_any), others: LazyLock::new(SystemFontProvider::new) }
    }
}

impl System {
    /// Begins to look for the faces. If no thread can be had, they are looked for when first needed.
    fn look_ahead(self: Arc<Self>) {
        let look = move || {
            if self.faces.is_some() {
                LazyLock::force(&self.others);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("system fonts".to_owned()).spawn(look) {
            tracing::debug!(%error, "fonts are looked for when first needed");
        }
    }
}

impl FontProvider for Others {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        self.0.faces.as_ref()?;
        self.0.others.font_for(request)
    }
}

impl FontProvider for EastAsian {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let faces = self.0.faces.as_ref()?;
        let (name, face, lift) = match request.family {
            FontFamily::Proportional => ("east asian", &faces.words, EAST_ASIAN_UP),
            FontFamily::Name(_) => ("east asian strong", &faces.strong, EAST_ASIAN_UP),
            FontFamily::Monospace => ("east asian mono", &faces.mono, 0.0),
        };
        let face = face.as_ref()?;
        let wanted = request.cluster.chars().next()?;
        face.charmap()?.map(wanted).filter(|&glyph| glyph != 0)?;
        let (blob, _) = face.blob.clone().into_raw_parts();
        let tweak = FontTweak { y_offset_factor: lift, ..FontTweak::default() };
        Some(FontInsert {
            name: name.to_owned(),
            data: FontData::from_blob(blob, face.index).tweak(tweak),
            families: vec![InsertFontFamily { family: request.family.clone(), priority: FontPriority::Lowest }],
        })
    }
}

impl Faces {
    /// fontique panics where fontconfig is there and knows not a single font; that is a system without fonts.
    fn find_if_any() -> Option<Self> {
        std::panic::catch_unwind(Self::find).ok()
    }

    fn find() -> Self {
        let mut system = Collection::new(CollectionOptions { shared: false, system_fonts: true });
        let mut cache = SourceCache::new(SourceCacheOptions::default());
        let [sans, mono] = family_names(&sys_locale::get_locale().unwrap_or_default());
        let mut find = |families: &[&str], weight| {
            let mut found = None;
            let mut query = system.query(&mut cache);
            query.set_families(families.iter().copied().map(QueryFamily::Named));
            query.set_attributes(Attributes::new(FontWidth::NORMAL, FontStyle::Normal, weight));
            query.matches_with(|font| {
                found = Some(font.clone());
                QueryStatus::Stop
            });
            found
        };
        Self { words: find(sans, FontWeight::NORMAL), strong: find(sans, FontWeight::SEMI_BOLD), mono: find(mono, FontWeight::NORMAL) }
    }
}

/// Proportional and monospaced families for a locale, best first: of Linux, then macOS, then Windows.
fn family_names(locale: &str) -> [&'static [&'static str]; 2] {
    let mut parts = locale.split(['-', '_', '.', '@']);
    let language = parts.next().unwrap_or_default();
    let traditional = parts.any(|part| matches!(part, "TW" | "HK" | "MO" | "Hant"));
    match (language, traditional) {
        ("ja", _) => [&["Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic UI"], &["Noto Sans Mono CJK JP", "Osaka-Mono", "MS Gothic"]],
        ("ko", _) => {
            [&["Noto Sans CJK KR", "Apple SD Gothic Neo", "Malgun Gothic"], &["Noto Sans Mono CJK KR", "Apple SD Gothic Neo", "GulimChe"]]
        }
        ("zh", true) => {
            [&["Noto Sans CJK TC", "PingFang TC", "Microsoft JhengHei UI"], &["Noto Sans Mono CJK TC", "PingFang TC", "MingLiU"]]
        }
        _ => [
            &["Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei UI"],
            &["Noto Sans Mono CJK SC", "PingFang SC", "NSimSun"],
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::family_names;

    #[test]
    fn chinese_is_simplified_unless_the_locale_says_otherwise() {
        let check = |locale, wanted| assert_eq!(family_names(locale)[0][0], wanted, "{locale}");
        check("C", "Noto Sans CJK SC");
        check("de-DE", "Noto Sans CJK SC");
        check("zh-CN", "Noto Sans CJK SC");
        check("zh-Hans-CN", "Noto Sans CJK SC");
        check("zh-TW", "Noto Sans CJK TC");
        check("zh_HK.UTF-8", "Noto Sans CJK TC");
        check("zh-Hant", "Noto Sans CJK TC");
        check("ja-JP", "Noto Sans CJK JP");
        check("ko_KR.UTF-8", "Noto Sans CJK KR");
    }
}
