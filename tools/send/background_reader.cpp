// SPDX-License-Identifier: MIT
#include <tools/send/background_reader.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include <portsock/waker.hpp>
#include <tools/common/streams.hpp>

namespace portsock::tools {
namespace {

using unit = background_reader::unit;

constexpr std::size_t most_pieces = 16;

std::string read_block(std::istream& input) {
  std::string block(background_reader::largest, '\0');
  block.resize(read_some(input, block));
  return block;
}

std::string read_line(std::istream& input) {
  std::string line;
  for (char next = 0; line.size() < background_reader::largest && input.get(next);) {
    line += next;
    if (next == '\n') break;
  }
  return line;
}

std::string read_whole(std::istream& input) {
  std::string whole(background_reader::largest, '\0');
  input.read(whole.data(), static_cast<std::streamsize>(whole.size()));
  whole.resize(static_cast<std::size_t>(input.gcount()));
  return whole;
}

}  // namespace

struct background_reader::shared {
  std::shared_ptr<std::istream> input;
  const unit of;
  const waker changed;

  std::mutex lock;
  std::condition_variable room;
  std::deque<std::string> pieces;
  bool ended = false;
  bool failed = false;
  bool abandoned = false;
};

result<background_reader> background_reader::start(std::shared_ptr<std::istream> input, unit of) {
  auto changed = waker::create();
  if (!changed) return changed.failure();
  auto with = std::make_shared<shared>(std::move(input), of, *std::move(changed));
  std::thread{read, with}.detach();
  return background_reader{std::move(with)};
}

background_reader::~background_reader() {
  if (!shared_) return;
  const std::lock_guard held{shared_->lock};
  shared_->abandoned = true;
  shared_->room.notify_one();
}

void background_reader::read(const std::shared_ptr<shared>& with) {
  auto& input = *with->input;
  for (bool more = true; more;) {
    auto piece = with->of == unit::block  ? read_block(input)
                 : with->of == unit::line ? read_line(input)
                                          : read_whole(input);
    more = with->of != unit::whole && !piece.empty();

    std::unique_lock held{with->lock};
    with->room.wait(held, [&] { return with->abandoned || with->pieces.size() < most_pieces; });
    if (with->abandoned) return;
    if (more || with->of == unit::whole) with->pieces.push_back(std::move(piece));
    with->ended = !more;
    with->failed = input.bad();
    if (!more)
      with->input.reset();  // a file is closed by the time somebody hears that it has ended
    with->changed.wake();
  }
}

std::optional<std::string> background_reader::take() {
  const std::lock_guard held{shared_->lock};
  auto& pieces = shared_->pieces;
  if (pieces.empty()) return std::nullopt;
  auto piece = std::move(pieces.front());
  pieces.pop_front();
  if (pieces.empty() && !shared_->ended) shared_->changed.clear();
  shared_->room.notify_one();
  return piece;
}

bool background_reader::ended() const {
  const std::lock_guard held{shared_->lock};
  return shared_->ended && shared_->pieces.empty();
}

bool background_reader::failed() const {
  const std::lock_guard held{shared_->lock};
  return shared_->failed;
}

native_handle background_reader::native() const noexcept { return shared_->changed.native(); }

}  // namespace portsock::tools
