// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <span>
#include <string>

#include <portsock/program.hpp>
#include <tests/support/files.hpp>
#include <tests/support/sockets.hpp>
#include <tests/support/system.hpp>

namespace portsock::tests {
namespace {

using namespace std::string_view_literals;

TEST(File, KnowsItsSize) {
  const temporary_file named{as_bytes("ten bytes!")};
  const auto file = must(unique_file::open(named.path()));

  EXPECT_EQ(must(file.size()), 10u);
  named.append(as_bytes("more"));
  EXPECT_EQ(must(file.size()), 14u);
}

TEST(File, IsReadPieceByPieceToItsEnd) {
  const temporary_file named{as_bytes("ten bytes!")};
  auto file = must(unique_file::open(named.path()));
  std::string piece(4, '\0');
  std::string all;

  for (auto size = must(file.read(std::as_writable_bytes(std::span{piece}))); size != 0;
       size = must(file.read(std::as_writable_bytes(std::span{piece}))))
    all += piece.substr(0, size);

  EXPECT_EQ(all, "ten bytes!");
}

TEST(File, GetsWhatIsWrittenOneAfterTheOther) {
  const temporary_file named{as_bytes("old and longer")};
  auto file = must(unique_file::create(named.path()));

  EXPECT_EQ(must(file.write(as_bytes("one, "))), 5u);
  EXPECT_EQ(must(file.write(as_bytes("two"))), 3u);

  const auto content = named.content();
  EXPECT_EQ(as_text(content), "one, two");
}

TEST(File, IsReadFromAnyPlace) {
  const temporary_file named{as_bytes("ten bytes!")};
  const auto file = must(unique_file::open(named.path()));
  std::string piece(4, '\0');

  EXPECT_EQ(must(file.read_at(std::as_writable_bytes(std::span{piece}), 8)), 2u);
  EXPECT_EQ(piece.substr(0, 2), "s!");
  EXPECT_EQ(must(file.read_at(std::as_writable_bytes(std::span{piece}), 0)), 4u);
  EXPECT_EQ(piece, "ten ");
  EXPECT_EQ(must(file.read_at(std::as_writable_bytes(std::span{piece}), 10)), 0u);
  EXPECT_EQ(must(file.read_at(std::as_writable_bytes(std::span{piece}), 1000)), 0u);
}

TEST(File, IsFoundByANameBeyondAscii) {
  const temporary_file named{"b\u00fccher \u6587.txt"};
  named.append(as_bytes("x"));

  EXPECT_THAT(unique_file::open(named.path()), Succeeds());
}

TEST(File, ThatIsNotThereIsNotFound) {
  const temporary_file named;

  EXPECT_THAT(unique_file::open(named.path()), FailsWith(errc::not_found));
  EXPECT_THAT(unique_file::open(named.path() + "/below"), FailsWith(errc::not_found));
  EXPECT_THAT(unique_file::create(named.path() + "/below"), FailsWith(errc::not_found));
}

TEST(File, WithAZeroInItsNameIsNoName) {
  EXPECT_THAT(unique_file::open("/dev/null\0.txt"sv), FailsWith(errc::invalid_argument));
  EXPECT_THAT(unique_file::create("a\0"sv), FailsWith(errc::invalid_argument));
}

TEST(File, ThatIsADirectoryIsDenied) {
  const temporary_file named{as_bytes("x")};
  const auto folder = std::filesystem::path{named.path()}.parent_path().string();

  EXPECT_THAT(unique_file::open(folder), FailsWith(errc::access_denied));
  EXPECT_THAT(unique_file::create(folder), FailsWith(errc::access_denied));
}

TEST(File, ThatIsCreatedIsEmptied) {
  const temporary_file named{as_bytes("old")};

  const auto file = must(unique_file::create(named.path()));

  EXPECT_EQ(must(file.size()), 0u);
}

TEST(File, CanBeWrittenAndRemovedByOthersWhileItIsOpen) {
  const temporary_file named{as_bytes("x")};
  const auto file = must(unique_file::open(named.path()));

  named.append(as_bytes("y"));
  EXPECT_TRUE(std::filesystem::remove(named.path()));
}

TEST(File, IsClosedWithItsOwner) {
  const temporary_file named{as_bytes("x")};
  const auto before = count_open_handles();
  for (int i = 0; i < 100; ++i) {
    auto file = must(unique_file::open(named.path()));
    const unique_file other = std::move(file);
    EXPECT_FALSE(file);
    EXPECT_TRUE(other);
  }
  EXPECT_LT(count_open_handles(), before + 10);
}

TEST(File, IsNotInherited) {
  const temporary_file named{as_bytes("x")};
  const auto file = must(unique_file::open(named.path()));

  EXPECT_FALSE(is_inheritable(native_handle{static_cast<std::intptr_t>(file.get())}));
}

TEST(File, ThatIsAPipeHasNoSize) {
  const auto ends = open_pipe();

  EXPECT_THAT(ends.read.size(), FailsWith(errc::not_supported));
}

TEST(File, ThatIsAPipeHasNoPlaces) {
  const auto ends = open_pipe();
  std::byte room[4];

  EXPECT_THAT(ends.read.read_at(room, 0), FailsWith(errc::not_supported));
}

TEST(File, ThatIsAPipeIsReadAsItComesAndToItsEnd) {
  auto ends = open_pipe();
  std::string piece(100, '\0');

  EXPECT_EQ(must(ends.write.write(as_bytes("some"))), 4u);
  EXPECT_EQ(must(ends.read.read(std::as_writable_bytes(std::span{piece}))), 4u);
  EXPECT_EQ(piece.substr(0, 4), "some");
  ends.write.reset();
  EXPECT_EQ(must(ends.read.read(std::as_writable_bytes(std::span{piece}))), 0u);
}

TEST(File, ThatIsAPipeWithoutReaderIsBroken) {
  auto ends = open_pipe();
  ends.read.reset();

  EXPECT_THAT(ends.write.write(as_bytes("x")), FailsWith(errc::broken_pipe));
}

TEST(File, WhoseOwnerHasGivenItAwayFails) {
  auto ends = open_pipe();
  const unique_file write{ends.write.release()};
  std::byte room[4];

  EXPECT_THAT(ends.write.write(as_bytes("x")), FailsWith(errc::bad_handle));
  EXPECT_THAT(ends.write.read(room), FailsWith(errc::bad_handle));
  EXPECT_THAT(ends.write.read_at(room, 0), FailsWith(errc::bad_handle));
  EXPECT_THAT(ends.write.size(), FailsWith(errc::bad_handle));
}

TEST(File, IsWhatAProgramsStreamsAreToo) {
  EXPECT_NE(program::handle_of(program::stream::output), file_handle::invalid);
}

}  // namespace
}  // namespace portsock::tests
