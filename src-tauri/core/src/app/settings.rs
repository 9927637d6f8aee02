//! What an administrator may edit: `counter.toml` in the home.

use std::fs;
use std::path::Path;

use chrono::FixedOffset;
use serde::{Deserialize, Serialize};

use super::error::{CoreError, ErrorKind};
use super::forms::Sheet;
use super::hot_folder::HotFolderSettings;
use super::lock::LockSettings;
use super::token::TokenSettings;
use crate::dossier::Range;
use crate::page::Limits;
use crate::scan::Profile;
use crate::store::SETTINGS;

/// Settings of a counter. Missing ones have their defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Template of the digitization code; empty = the one of the shipped rules in force that day.
    pub code_template: String,
    /// Offset of the counter's clock from UTC, minutes.
    pub utc_offset_minutes: UtcOffset,
    /// Numbers of each day the agency reserved for this counter's dossiers, e.g. `2000-2999`; without
    /// them a dossier waits for its number.
    pub dossier_numbers: Option<Range>,
    /// Sheet the window prints receipts on.
    pub receipt_sheet: Sheet,
    /// Scanners, as buttons; the first eight are on the keys F2 to F9.
    pub scan: Vec<Profile>,
    /// A folder scanners save into.
    pub hot_folder: HotFolderSettings,
    /// Tokens.
    pub tokens: TokenSettings,
    /// When the key locks itself.
    pub lock: LockSettings,
    /// Time-stamps.
    pub timestamp: TimestampSettings,
    /// Bounds on foreign files.
    pub limits: Limits,
}

/// `[timestamp]`: who vouches for the time of signatures.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TimestampSettings {
    /// Address (http) of a time-stamp authority (RFC 3161), whose certificate lies in the folder
    /// `trust`; none = signatures without time-stamp.
    pub url: Option<String>,
}

/// Minutes east of UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UtcOffset(i32);

impl Default for UtcOffset {
    /// Viet Nam: UTC+7, without summer time.
    fn default() -> Self {
        Self(7 * 60)
    }
}

/// The file a new counter starts with.
pub(super) const INITIAL: &str = "\
# Cài đặt của quầy / Settings of this counter.
# Bỏ dấu # ở đầu dòng để thay đổi / Remove the # to change a value.

# Mẫu mã kết quả số hóa; để trống = theo quy định đang có hiệu lực.
# code_template = \"{owner}.{type}.{number}.{station}-{running}\"

# Dải số hồ sơ trong ngày cơ quan dành cho quầy này; không có thì hồ sơ \"chờ cấp số\".
# dossier_numbers = \"2000-2999\"

# Khổ giấy của giấy tiếp nhận khi in từ cửa sổ: \"a4\" hoặc \"a5\".
# receipt_sheet = \"a5\"

# Múi giờ (phút so với UTC).
# utc_offset_minutes = 420

[hot_folder]
# Thư mục máy quét lưu tệp vào; chương trình tự nhận tệp đã ghi xong.
# path = \"/home/quay/may-quet\"
# Tệp đã nhận: \"leave\" = để nguyên, \"move\" = chuyển vào thư mục da-nhan.
# after = \"leave\"

# Máy quét trên phím F2 … F9, mỗi máy (hoặc cách quét) một mục; xem tên máy bằng lệnh saoy scan --list.
# [[scan]]
# name = \"Khay nạp, hai mặt\"
# device = \"airscan:e0:Canon MF440\"   # hoặc địa chỉ eSCL: \"http://192.168.1.20/eSCL\"
# dpi = 300
# colour = \"colour\"     # hoặc \"grey\"
# source = \"feeder\"     # hoặc \"flatbed\" (mặt kính)
# sides = \"both\"        # \"one\", \"both\", hoặc \"manual\" (nạp hai lượt)

[tokens]
# Thư viện PKCS#11 của thiết bị lưu khóa; để trống = các thư viện SafeNet, Bit4ID đã cài.
# modules = [\"/usr/lib/libeToken.so\"]

[lock]
# Khóa ký tự khóa sau chừng này phút không ai dùng; 0 = không tự khóa.
# idle_minutes = 15
# Giờ hết ca (hh:mm): khóa mở trước giờ này thì tự khóa; để trống = không.
# shift_end = \"17:30\"

[timestamp]
# Dịch vụ cấp dấu thời gian (RFC 3161, http); chứng thư của dịch vụ để trong thư mục trust.
# url = \"http://tsa.example/\"

[limits]
# max_file_bytes = 314572800
# max_pixels = 150000000
# max_memory_bytes = 2147483648
# max_pages = 2000
# max_seconds = 30
";

impl Settings {
    /// Reads the settings of a home; a home without the file has the defaults.
    ///
    /// # Errors
    /// [`ErrorKind::BadSettings`] naming the line.
    pub fn read(home: &Path) -> Result<Self, CoreError> {
        let bad = |detail: String| {
            CoreError::new(ErrorKind::BadSettings).with("detail", format!("{SETTINGS}: {detail}"))
        };
        let faulty = |text: &str, error: &toml::de::Error| {
            let said = error.message().lines().next().unwrap_or_default();
            let Some(before) = error.span().and_then(|span| text.get(..span.start)) else {
                return said.to_owned();
            };
            let line = before.matches('\n').count();
            format!("{} {} ({said})", line + 1, text.lines().nth(line).unwrap_or_default().trim())
        };
        match fs::read_to_string(home.join(SETTINGS)) {
            Ok(text) => {
                let settings: Self = toml::from_str(&text).map_err(|e| bad(faulty(&text, &e)))?;
                settings.offset().ok_or_else(|| bad("utc_offset_minutes".into()))?;
                for profile in &settings.scan {
                    let twin = settings.scan.iter().filter(|one| one.name == profile.name).count() > 1;
                    if let Some(key) = profile.fault().or(twin.then_some("name")) {
                        return Err(bad(format!("[[scan]] {}: {key}", profile.name)));
                    }
                }
                if !settings.lock.is_sound() {
                    return Err(bad("lock.shift_end".into()));
                }
                Ok(settings)
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(bad(e.to_string())),
        }
    }

    /// Offset of the counter's clock.
    #[must_use]
    pub fn offset(&self) -> Option<FixedOffset> {
        FixedOffset::east_opt(self.utc_offset_minutes.0.checked_mul(60)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_initial_file_is_the_defaults() {
        assert_eq!(toml::from_str::<Settings>(INITIAL).unwrap(), Settings::default());
    }

    #[test]
    fn a_misspelt_setting_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SETTINGS), "[limits]\nmax_pixel = 3\n").unwrap();
        let error = Settings::read(folder.path()).unwrap_err();
        assert!(error.params["detail"].contains("max_pixel"), "{error:?}");
    }
}
