// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <tests/support/sends_files.hpp>

namespace portsock::tests {
namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;

class SendFile : public SendsFiles {};
ON_EACH_FAMILY(SendFile);

TEST_P(SendFile, SendsAllOfItByteForByte) {
  const auto data = pattern(3'000'000);
  const readable file{data};

  EXPECT_TRUE(arrives(file.get(), {}) == data);
}

TEST_P(SendFile, WithADeadlineSendsAllOfItToo) {
  const auto data = pattern(3'000'000);
  const readable file{data};

  EXPECT_TRUE(arrives(file.get(), {}, soon()) == data);
}

TEST_P(SendFile, OnASocketThatDoesNotBlockSendsAllOfItToo) {
  const auto data = pattern(3'000'000);
  const readable file{data};
  ASSERT_THAT(here.set_blocking(false), Succeeds());

  EXPECT_TRUE(arrives(file.get(), {}) == data);
}

TEST_P(SendFile, TranslatesNothing) {
  const readable file{as_bytes("unix\nwindows\r\n\x1a zero \xff")};

  EXPECT_EQ(as_text(arrives(file.get(), {})), "unix\nwindows\r\n\x1a zero \xff");
}

TEST_P(SendFile, ThatIsEmptySendsNothing) {
  const readable file{const_bytes{}};

  EXPECT_TRUE(arrives(file.get(), {}).empty());
}

TEST_P(SendFile, SendsTheRangeThatIsAskedFor) {
  const readable file{as_bytes("0123456789")};

  EXPECT_EQ(as_text(arrives(file.get(), {.offset = 3, .length = 4})), "3456");
}

TEST_P(SendFile, WithoutALengthSendsFromTheOffsetToTheEnd) {
  const readable file{as_bytes("0123456789")};

  EXPECT_EQ(as_text(arrives(file.get(), {.offset = 7, .length = {}})), "789");
}

TEST_P(SendFile, OfNoLengthSendsNothing) {
  const readable file{as_bytes("0123456789")};

  EXPECT_TRUE(arrives(file.get(), {.offset = 3, .length = 0}).empty());
}

TEST_P(SendFile, WithoutAnOffsetGoesOnWhereItStopped) {
  const readable file{as_bytes("0123456789")};

  EXPECT_EQ(send_file(here, file.get(), {.offset = {}, .length = 4}).size, 4u);
  EXPECT_EQ(send_file(here, file.get(), {.offset = {}, .length = 3}, soon()).size, 3u);
  EXPECT_EQ(hear(there, 7), "0123456");

  EXPECT_EQ(as_text(arrives(file.get(), {})), "789");
}

TEST_P(SendFile, ThatIsShorterThanAskedSaysSoAndHowMuchWent) {
  const readable file{as_bytes("0123456789")};

  const auto done = send_file(here, file.get(), {.offset = 6, .length = 10});

  EXPECT_THAT(done, FailsWith(errc::end_of_stream));
  EXPECT_EQ(done.size, 4u);
  EXPECT_EQ(done.at, side::source);
  EXPECT_EQ(hear(there, 4), "6789");
}

TEST_P(SendFile, FromBeyondItsEndSendsNothing) {
  const readable file{as_bytes("0123456789")};

  EXPECT_EQ(send_file(here, file.get(), {.offset = 11, .length = {}}).size, 0u);
  EXPECT_THAT(send_file(here, file.get(), {.offset = 11, .length = {}}), Succeeds());
  EXPECT_THAT(send_file(here, file.get(), {.offset = 11, .length = 1}),
              FailsWith(errc::end_of_stream));
}

TEST_P(SendFile, AtAnOffsetThatNoFileHasIsRefused) {
  const readable file{as_bytes("0123456789")};

  const auto done = send_file(here, file.get(), {.offset = ~std::uint64_t{0}, .length = {}});

  EXPECT_THAT(done, FailsWith(errc::invalid_argument));
}

TEST_P(SendFile, OfALengthThatNoFileHasSendsAllOfIt) {
  const readable file{as_bytes("0123456789")};

  const auto done = send_file(here, file.get(), {.offset = 1, .length = ~std::uint64_t{0}});

  EXPECT_THAT(done, FailsWith(errc::end_of_stream));
  EXPECT_EQ(done.size, 9u);
}

TEST_P(SendFile, BeyondFourGibibytesFindsTheRightBytes) {
  const temporary_file named;
  if (!named.make_sparse(5 * gibibyte)) GTEST_SKIP() << "no file of this size here";
  named.append(as_bytes("at the end"));
  const auto file = must(unique_file::open(named.path()));
  ASSERT_EQ(must(file.size()), 5 * gibibyte + 10);

  EXPECT_EQ(as_text(arrives(file.get(), {.offset = 5 * gibibyte + 3, .length = {}})), "the end");
}

TEST_P(SendFile, AcrossFourGibibytesCarriesTheOffsetOver) {
  const temporary_file named;
  if (!named.make_sparse(4 * gibibyte - 3)) GTEST_SKIP() << "no file of this size here";
  named.append(as_bytes("abcdef"));
  const auto file = must(unique_file::open(named.path()));

  EXPECT_EQ(as_text(arrives(file.get(), {.offset = 4 * gibibyte - 3, .length = 6}, soon())),
            "abcdef");
}

TEST_P(SendFile, OfMoreThanTwoGibibytesArrivesWhole) {
  constexpr auto size = 2 * gibibyte + 12'345;
  const temporary_file named;
  if (!named.make_sparse(size)) GTEST_SKIP() << "no file of this size here";
  const auto file = must(unique_file::open(named.path()));

  auto sent = sending(file.get(), {});

  EXPECT_EQ(count_arrivals(), size);
  EXPECT_EQ(sent.get().size, size);
}

TEST_P(SendFile, ThatGrowsMeanwhileIsSentUpToItsEnd) {
  const readable file{pattern(1'000'000)};
  ASSERT_GT(fill(here), 0u);
  ASSERT_THAT(here.set_blocking(true), Succeeds());

  auto sent = sending(file.get(), {});
  file.named.append(as_bytes("appended"));
  const auto got = hear_all(there);

  EXPECT_THAT(sent.get(), Succeeds());
  EXPECT_EQ(as_text(const_bytes{got}.last(8)), "appended");
}

TEST_P(SendFile, ThatShrinksMeanwhileSaysHowMuchWent) {
  const auto data = pattern(8'000'000);
  const readable file{data};
  const auto filled = fill(here);
  ASSERT_THAT(here.set_blocking(true), Succeeds());

  auto sent = sending(file.get(), {.offset = 0, .length = data.size()});
  file.named.resize(100);
  const auto got = hear_all(there);
  const auto done = sent.get();

  EXPECT_THAT(done, FailsWith(errc::end_of_stream));
  EXPECT_LT(done.size, data.size());
  EXPECT_EQ(got.size(), filled + done.size);
}

}  // namespace
}  // namespace portsock::tests
