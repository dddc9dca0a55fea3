trait Speak {
    fn speak(&self) -> u64;
}

struct Loud(u64);

impl Speak for Loud {
    #[inline(never)]
    fn speak(&self) -> u64 {
        std::hint::black_box([self.0; 500])[4]
    }
}

#[inline(never)]
pub fn work() -> u64 {
    let speakers: Vec<Box<dyn Speak>> = vec![Box::new(Loud(3)), Box::new(Loud(4))];
    let speakers = std::hint::black_box(speakers);
    speakers.iter().map(|speaker| speaker.speak()).sum()
}
