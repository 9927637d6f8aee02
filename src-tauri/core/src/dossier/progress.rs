//! States of a dossier as in the national packet, and the moves between them.

use serde::{Deserialize, Serialize};

/// How far a dossier is. Numbers as in the national packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 1: mới đăng ký.
    Registered,
    /// 2: được tiếp nhận.
    Received,
    /// 3: không được tiếp nhận.
    Refused,
    /// 4: đang xử lý.
    InProgress,
    /// 5: yêu cầu bổ sung.
    SupplementAsked,
    /// 6: yêu cầu thực hiện nghĩa vụ tài chính.
    FeeAsked,
    /// 7: công dân yêu cầu rút.
    Withdrawn,
    /// 8: dừng xử lý.
    Stopped,
    /// 9: đã xử lý xong.
    Done,
    /// 10: đã trả kết quả.
    Returned,
}

/// What moves a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Move {
    /// Tiếp nhận.
    Receive,
    /// Từ chối.
    Refuse,
    /// Yêu cầu bổ sung.
    AskSupplement,
    /// Đã bổ sung.
    Supplement,
    /// Yêu cầu nộp phí.
    AskFee,
    /// Đã nộp phí.
    PayFee,
    /// Chuyển xử lý.
    Forward,
    /// Công dân rút hồ sơ.
    Withdraw,
    /// Dừng xử lý.
    Stop,
    /// Xử lý xong.
    Finish,
    /// Trả kết quả.
    Return,
}

/// A move that does not follow from a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{moved:?} does not follow {state:?}")]
pub struct Illegal {
    /// The state.
    pub state: State,
    /// The move.
    pub moved: Move,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 10] = [
        Self::Registered,
        Self::Received,
        Self::Refused,
        Self::InProgress,
        Self::SupplementAsked,
        Self::FeeAsked,
        Self::Withdrawn,
        Self::Stopped,
        Self::Done,
        Self::Returned,
    ];

    /// Number in the national packet.
    #[must_use]
    pub fn number(self) -> u8 {
        Self::ALL.iter().zip(1..).find(|(state, _)| **state == self).map_or(0, |(_, number)| number)
    }

    /// It waits for the citizen; nothing is worked on meanwhile.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        matches!(self, Self::SupplementAsked | Self::FeeAsked)
    }

    /// The state after a move. `from` is the state it was in before it had to wait.
    ///
    /// # Errors
    /// [`Illegal`].
    pub fn after(self, moved: Move, from: Option<Self>) -> Result<Self, Illegal> {
        use Move as M;
        let illegal = Err(Illegal { state: self, moved });
        match (self, moved) {
            (Self::Registered, M::Receive) => Ok(Self::Received),
            (Self::Registered, M::Refuse) => Ok(Self::Refused),
            // Asked to complete it and did not: refused, when it had never been received.
            (Self::SupplementAsked, M::Refuse) if from == Some(Self::Registered) => Ok(Self::Refused),
            (Self::Registered | Self::Received | Self::InProgress, M::AskSupplement) => {
                Ok(Self::SupplementAsked)
            }
            (Self::Received | Self::InProgress, M::AskFee) => Ok(Self::FeeAsked),
            (Self::SupplementAsked, M::Supplement) | (Self::FeeAsked, M::PayFee) => from.map_or(illegal, Ok),
            (Self::Received, M::Forward) => Ok(Self::InProgress),
            (
                Self::Registered | Self::Received | Self::InProgress | Self::SupplementAsked | Self::FeeAsked,
                M::Withdraw,
            ) => Ok(Self::Withdrawn),
            (Self::Received | Self::InProgress | Self::SupplementAsked | Self::FeeAsked, M::Stop) => {
                Ok(Self::Stopped)
            }
            (Self::InProgress, M::Finish) => Ok(Self::Done),
            (Self::Done, M::Return) => Ok(Self::Returned),
            _ => illegal,
        }
    }

    /// The moves that follow from a state.
    #[must_use]
    pub fn moves(self, from: Option<Self>) -> Vec<Move> {
        Move::ALL.into_iter().filter(|moved| self.after(*moved, from).is_ok()).collect()
    }
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 11] = [
        Self::Receive,
        Self::Refuse,
        Self::AskSupplement,
        Self::Supplement,
        Self::AskFee,
        Self::PayFee,
        Self::Forward,
        Self::Withdraw,
        Self::Stop,
        Self::Finish,
        Self::Return,
    ];

    /// The citizen is told why in writing, so a reason must be given.
    #[must_use]
    pub fn needs_reason(self) -> bool {
        matches!(self, Self::Refuse | Self::AskSupplement | Self::Withdraw | Self::Stop)
    }
}
