//! Turns what is said about somebody into what is said to them.

/// "he has to take his pills" -> "you have to take your pills"
pub(in crate::plan) fn spoken_to(text: &str) -> String {
    let mut after = false;
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches([',', '.', '!', '?']);
        let meant = match bare.to_lowercase().as_str() {
            "he" | "she" | "they" | "him" | "them" => "you",
            "his" | "her" | "their" => "your",
            "has" if after => "have",
            "is" if after => "are",
            "was" if after => "were",
            "needs" if after => "need",
            _ => bare,
        };
        after = meant == "you";
        format!("{meant}{}", word.get(bare.len()..).unwrap_or_default())
    });
    words.collect::<Vec<_>>().join(" ")
}
