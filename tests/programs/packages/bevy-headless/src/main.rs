//! A Bevy app that runs for some frames, and says what came of it. Nothing depends on time.

use std::any::type_name;

use bevy::app::ScheduleRunnerPlugin;
use bevy::prelude::*;
use bevy::tasks::futures_lite::future;
use bevy::tasks::{AsyncComputeTaskPool, ComputeTaskPool, Task};

const FRAMES: u32 = 60;

#[derive(Component, Reflect, Clone, Copy, Debug, PartialEq)]
struct Position(Vec3);

#[derive(Component, Reflect, Clone, Copy, Debug)]
struct Velocity(Vec3);

#[derive(Component)]
struct Searching(Task<(u64, Vec<u64>)>);

#[derive(Message, Debug)]
struct Bounced(u32);

#[derive(States, Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
enum Phase {
    #[default]
    Flying,
    Landed,
}

#[derive(Resource, Default, Debug)]
struct Score {
    frames: u32,
    bounces: u32,
    found: Vec<u64>,
    states: Vec<Phase>,
}

fn spawn(mut commands: Commands) {
    for number in 0..200u32 {
        let height = (number % 17) as f32 * 0.75;
        let moving = commands
            .spawn((
                Position(Vec3::new(number as f32, height, 1.0)),
                Velocity(Vec3::new(0.25, -0.1 * (number % 5) as f32, 0.0)),
                Name::new(format!("ball {number}")),
            ))
            .id();
        if number.is_multiple_of(10) {
            commands.spawn((Position(Vec3::splat(0.5)), ChildOf(moving)));
        }
    }
    let pool = AsyncComputeTaskPool::get();
    for start in 0..8u64 {
        let task = pool.spawn(async move { search(start * 1000).await });
        commands.spawn(Searching(task));
    }
}

/// Something that waits several times, with more than a word alive.
async fn search(start: u64) -> (u64, Vec<u64>) {
    let buffer = [start; 32];
    let mut primes = Vec::new();
    for number in start.max(2)..start + 200 {
        if (2..number).take_while(|d| d * d <= number).all(|d| !number.is_multiple_of(d)) {
            primes.push(number);
            future::yield_now().await;
        }
    }
    (buffer.iter().sum::<u64>() / 32, primes)
}

fn fly(mut balls: Query<(&mut Position, &Velocity)>) {
    balls.par_iter_mut().for_each(|(mut position, velocity)| position.0 += velocity.0);
}

fn bounce(
    mut balls: Query<(Entity, &mut Position, &mut Velocity), Without<ChildOf>>,
    mut bounced: MessageWriter<Bounced>,
) {
    for (number, (_, mut position, mut velocity)) in balls.iter_mut().enumerate() {
        if position.0.y < 0.0 {
            position.0.y = -position.0.y;
            velocity.0.y = -velocity.0.y * 0.5;
            bounced.write(Bounced(number as u32));
        }
    }
}

fn count(mut bounced: MessageReader<Bounced>, mut score: ResMut<Score>) {
    score.frames += 1;
    score.bounces += bounced.read().map(|it| it.0 % 3 + 1).sum::<u32>();
}

fn collect(mut commands: Commands, mut tasks: Query<(Entity, &mut Searching)>, mut score: ResMut<Score>) {
    for (entity, mut task) in &mut tasks {
        if let Some((start, primes)) = future::block_on(future::poll_once(&mut task.0)) {
            score.found.push(start * 1_000_000 + primes.iter().sum::<u64>());
            commands.entity(entity).despawn();
        }
    }
}

fn land(score: Res<Score>, mut next: ResMut<NextState<Phase>>) {
    if score.frames == FRAMES / 2 {
        next.set(Phase::Landed);
    }
}

fn remember(state: Res<State<Phase>>, mut score: ResMut<Score>) {
    score.states.push(*state.get());
}

fn end(score: Res<Score>, tasks: Query<&Searching>, mut exit: MessageWriter<AppExit>) {
    if score.frames >= FRAMES && tasks.is_empty() {
        exit.write(AppExit::Success);
    }
}

fn tell(world: &mut World) {
    let mut positions: Vec<(String, Vec3)> = world
        .query::<(&Name, &Position)>()
        .iter(world)
        .map(|(name, position)| (name.to_string(), position.0))
        .collect();
    positions.sort_by(|a, b| a.0.cmp(&b.0));
    for (name, position) in positions.iter().step_by(23) {
        println!("{name}: {:08x} {:08x}", position.x.to_bits(), position.y.to_bits());
    }
    let children = world.query::<&Children>().iter(world).map(|all| all.len()).sum::<usize>();
    println!("{children} children");
    let registry = world.resource::<AppTypeRegistry>().read();
    let info = registry.get_type_info(std::any::TypeId::of::<Position>()).map(|info| info.type_path());
    println!("{info:?}, {}", type_name::<Position>().len());
}

fn main() -> AppExit {
    let mut app = App::new();
    app.add_plugins(MinimalPlugins.set(ScheduleRunnerPlugin::run_loop(std::time::Duration::ZERO)))
        .add_plugins(bevy::state::app::StatesPlugin)
        .register_type::<Position>()
        .register_type::<Velocity>()
        .init_state::<Phase>()
        .init_resource::<Score>()
        .add_message::<Bounced>()
        .add_systems(Startup, spawn)
        .add_systems(Update, (fly, bounce, count, collect, land, end).chain())
        .add_systems(OnEnter(Phase::Landed), remember)
        .add_systems(OnExit(Phase::Flying), remember);
    app.set_runner(|mut app| {
        app.finish();
        app.cleanup();
        let exit = loop {
            app.update();
            // Tasks of the main thread's, and those that are not done yet.
            bevy::tasks::tick_global_task_pools_on_main_thread();
            // How many frames the tasks take does depend on time, but nothing that is told does.
            if app.world().resource::<Score>().frames > FRAMES {
                app.world_mut().resource_mut::<Score>().frames = FRAMES;
            }
            if let Some(exit) = app.should_exit() {
                break exit;
            }
            if app.world().resource::<Score>().frames == FRAMES {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
        };
        tell_all(app.world_mut());
        exit
    });
    app.run()
}

fn tell_all(world: &mut World) {
    tell(world);
    let mut score = world.remove_resource::<Score>().expect("nobody takes it");
    score.found.sort_unstable();
    println!("found {:?}", score.found);
    println!("{:?}", score.states);
    let sums = ComputeTaskPool::get().scope(|scope| {
        for part in score.found.chunks(3) {
            scope.spawn(async move { part.iter().fold(7u64, |sum, it| sum.rotate_left(9) ^ it) });
        }
    });
    println!("sums {sums:?}");
}
