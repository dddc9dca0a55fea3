//! Why a request is refused, and the answer that says so.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::model::Problem;

/// Why a request is refused.
#[derive(Debug)]
pub enum ApiError {
    /// There is no such thing.
    NotFound,
    /// It contradicts what is stored.
    Conflict(&'static str),
    /// The request is wrong in itself.
    Invalid(StatusCode, String),
    /// Another server did not do its part.
    Upstream(String),
    /// The database failed.
    Store(sqlx::Error),
}

impl ApiError {
    pub fn unprocessable(why: impl Into<String>) -> ApiError {
        ApiError::Invalid(StatusCode::UNPROCESSABLE_ENTITY, why.into())
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> ApiError {
        match error {
            sqlx::Error::RowNotFound => ApiError::NotFound,
            sqlx::Error::Database(error) if error.is_unique_violation() => {
                ApiError::Conflict("the key is taken")
            }
            sqlx::Error::Database(error) if error.is_foreign_key_violation() => ApiError::NotFound,
            error => ApiError::Store(error),
        }
    }
}

impl From<reqwest::Error> for ApiError {
    fn from(error: reqwest::Error) -> ApiError {
        ApiError::Upstream(error.without_url().to_string())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, error) = match self {
            ApiError::NotFound => (StatusCode::NOT_FOUND, "there is no such thing".into()),
            ApiError::Conflict(why) => (StatusCode::CONFLICT, why.into()),
            ApiError::Invalid(status, why) => (status, why),
            ApiError::Upstream(why) => (StatusCode::BAD_GATEWAY, why),
            ApiError::Store(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()),
        };
        (status, Json(Problem { error })).into_response()
    }
}
