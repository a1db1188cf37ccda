//! Nouns for what is seen or heard.

/// What is seen or heard, not read.
const MEDIA: &str = "image picture photo illustration song music video voice audio speech logo reel clip narration thumbnail mp3 voice-over voiceover podcast poster infographic meme cartoon comic flyer soundtrack tune melody jingle thumbnail artwork";

/// "a video", "an audio briefing", but no "video script".
pub(in crate::plan) fn is_medium(noun: &str) -> bool {
    let kind = noun.split(' ').next().unwrap_or_default();
    match noun.rsplit(' ').next().unwrap_or_default() {
        "version" | "briefing" | "summary" | "digest" | "note" | "message" | "guide" | "recording" | "file" => {
            matches!(kind, "audio" | "voice" | "spoken")
        }
        "episode" | "short" | "ad" | "advertisement" | "advert" | "commercial" => {
            noun.split(' ').any(|word| matches!(word, "podcast" | "video" | "audio"))
        }
        "over" => noun.ends_with("voice over"),
        "strip" => kind == "comic",
        last => MEDIA.split(' ').any(|medium| medium == last),
    }
}

/// "an image", "a cover photo": what is drawn and seen.
pub(in crate::plan) fn is_picture(noun: &str) -> bool {
    const PICTURES: [&str; 9] =
        ["image", "photo", "picture", "poster", "logo", "illustration", "drawing", "graphic", "thumbnail"];
    noun.rsplit(' ').next().is_some_and(|last| PICTURES.contains(&last))
}
