//! Single characters: which are invisible, and which ASCII character one looks like.

/// Characters that a reader does not see and that can split a token or turn a line around: zero-width and
/// bidirectional marks, soft hyphens, fillers, tags.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Joiners that spelling needs in Persian, in Indic scripts and in emoji.
pub(super) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Marks that sit on the character before them and change nothing of what it stands for here.
pub(super) const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}')
}

/// Chinese, Japanese and Korean characters, which follow a Latin word without a space between.
pub(super) const fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The ASCII character that `c` stands for or can be taken for; any other character is itself.
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    match c {
        '\u{ff01}'..='\u{ff5e}' => shifted(c, 0xff01, '!'),
        '\u{1d400}'..='\u{1d6a3}' => mathematical(c),
        '\u{1d7ce}'..='\u{1d7ff}' => ascii('0', (u32::from(c) - 0x1d7ce) % 10),
        '\u{24b6}'..='\u{24cf}' => shifted(c, 0x24b6, 'A'),
        '\u{24d0}'..='\u{24e9}' => shifted(c, 0x24d0, 'a'),
        '\u{660}'..='\u{669}' => shifted(c, 0x660, '0'),
        '\u{6f0}'..='\u{6f9}' => shifted(c, 0x6f0, '0'),
        '\u{966}'..='\u{96f}' => shifted(c, 0x966, '0'),
        '\u{2080}'..='\u{2089}' => shifted(c, 0x2080, '0'),
        '\u{2074}'..='\u{2079}' => shifted(c, 0x2074, '4'),
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '。' | '｡' | '․' | '﹒' | '·' | '۔' => '.',
        '﹕' | '꞉' | 'ː' | '∶' | '︓' => ':',
        '⁄' | '∕' | '⧸' | '╱' => '/',
        '⧵' | '﹨' | '∖' => '\\',
        '﹫' => '@',
        '﹦' | '꞊' => '=',
        '\u{2010}'..='\u{2013}' | '−' | '﹣' => '-',
        '‘' | '’' | '‚' | '‛' | '‹' | '›' => '\'',
        '“' | '”' | '„' | '‟' | '«' | '»' | '「' | '」' | '『' | '』' => '"',
        '؛' | '﹔' => ';',
        '،' | '、' => ',',
        '\u{2800}' => ' ',
        _ if c.is_whitespace() => ' ',
        _ => look_alike(c),
    }
}

/// Letters of other scripts, and accented or styled ones, that pass for Latin ones.
const fn look_alike(c: char) -> char {
    match c {
        'а' | 'α' | 'ɑ' => 'a',
        'в' => 'b',
        'В' | 'Β' => 'B',
        'с' | 'ϲ' | 'ᴄ' => 'c',
        'ԁ' | 'ⅾ' => 'd',
        'е' | 'ё' | 'ҽ' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ι' | 'ı' | 'ⅰ' => 'i',
        'ј' | 'ϳ' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' | 'ⅼ' => 'l',
        'ⅿ' => 'm',
        'ո' => 'n',
        'о' | 'ο' | 'σ' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'г' | 'ᴦ' => 'r',
        'ѕ' | 'ꜱ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' | 'ᴠ' => 'v',
        'ԝ' | 'ѡ' | 'ᴡ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'ү' | 'γ' => 'y',
        'ᴢ' => 'z',
        'А' | 'Α' => 'A',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' => 'I',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        'Υ' | 'У' => 'Y',
        'Ζ' => 'Z',
        _ => c,
    }
}

/// The ASCII character as far from `first` as `c` is from `base`.
fn shifted(c: char, base: u32, first: char) -> char {
    ascii(first, u32::from(c).saturating_sub(base))
}

/// Mathematical alphabets follow one another, 26 capitals and 26 small letters each.
fn mathematical(c: char) -> char {
    match (u32::from(c) - 0x1d400) % 52 {
        n @ 0..26 => ascii('A', n),
        n => ascii('a', n - 26),
    }
}

/// The character `n` places after `first`.
fn ascii(first: char, n: u32) -> char {
    char::from_u32(u32::from(first) + n).unwrap_or(first)
}
