//! Three tests, one of which fails.

#[cfg(test)]
mod tests {
    #[test]
    fn passes() {}

    #[test]
    fn fails() {
        assert_eq!(1 + 1, 3);
    }

    #[test]
    #[ignore = "not now"]
    fn waits() {}
}
