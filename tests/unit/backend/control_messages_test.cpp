// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include <platform/bsd/control_messages.hpp>
#include <tests/support/control_headers.hpp>

namespace portsock::platform {
namespace {

using tests::narrow_control_header;
using tests::wide_control_header;

template <class Format>
class ControlMessages : public testing::Test {
 protected:
  /// One message whose length says what it likes.
  static std::vector<std::byte> message(std::size_t length, int level, int type, std::size_t room) {
    typename Format::header header{};
    header.cmsg_len = static_cast<decltype(header.cmsg_len)>(length);
    header.cmsg_level = level;
    header.cmsg_type = type;
    std::vector<std::byte> bytes((std::max)(room, sizeof header));
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes.resize(room);
    return bytes;
  }
};
using formats =
    testing::Types<control_format<wide_control_header, 8>, control_format<narrow_control_header, 8>,
                   control_format<narrow_control_header, 4>>;
TYPED_TEST_SUITE(ControlMessages, formats);

TYPED_TEST(ControlMessages, AreReadInTheOrderInWhichTheyWereWritten) {
  control_writer<TypeParam> writer;
  writer.add(1, 10, std::uint8_t{7});
  writer.add(2, 20, std::array<std::uint8_t, 5>{1, 2, 3, 4, 5});
  writer.add(3, 30, int{64});

  control_reader<TypeParam> reader{writer.bytes()};
  const std::optional<control_item> first = reader.next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->level, 1);
  EXPECT_EQ(first->type, 10);
  EXPECT_EQ(first->data.size(), 1u);
  EXPECT_EQ(first->octet(), 7);
  const std::optional<control_item> second = reader.next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->data.size(), 5u);
  const std::optional<control_item> third = reader.next();
  ASSERT_TRUE(third);
  EXPECT_EQ(third->as<int>(), 64);
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.next());
}

TYPED_TEST(ControlMessages, EndWithoutThePaddingOfTheLast) {
  const auto bytes = this->message(TypeParam::data_at + 1, 1, 2, TypeParam::data_at + 1);

  control_reader<TypeParam> reader{bytes};
  const std::optional<control_item> only = reader.next();
  ASSERT_TRUE(only);
  EXPECT_EQ(only->data.size(), 1u);
  EXPECT_FALSE(reader.next());
}

TYPED_TEST(ControlMessages, OfNoDataAreMessages) {
  const auto bytes = this->message(TypeParam::data_at, 1, 2, TypeParam::data_at);

  control_reader<TypeParam> reader{bytes};
  const std::optional<control_item> only = reader.next();
  ASSERT_TRUE(only);
  EXPECT_TRUE(only->data.empty());
  EXPECT_FALSE(only->octet());
  EXPECT_FALSE(only->as<int>());
}

TYPED_TEST(ControlMessages, WhoseLengthCannotBeTrueEndTheReading) {
  const auto at = TypeParam::data_at;
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, at - 1, at + 5,
                                   std::size_t{0xffffffff}, ~std::size_t{0}, ~std::size_t{0} - 6}) {
    const auto bytes = this->message(length, 1, 2, at + 4);
    if (static_cast<std::size_t>(static_cast<decltype(TypeParam::header::cmsg_len)>(length)) !=
        length)
      continue;
    control_reader<TypeParam> reader{bytes};
    EXPECT_FALSE(reader.next()) << length;
    EXPECT_FALSE(reader.next()) << length;
  }
}

TYPED_TEST(ControlMessages, CutAnywhereAreNotReadBeyondTheirEnd) {
  control_writer<TypeParam> writer;
  writer.add(1, 10, int{1});
  writer.add(2, 20, std::uint64_t{2});
  for (std::size_t size = 0; size <= writer.bytes().size(); ++size) {
    // A copy of its own, so that a sanitizer sees a byte too many.
    const auto copy = std::make_unique<std::byte[]>(size);
    std::ranges::copy(writer.bytes().first(size), copy.get());
    control_reader<TypeParam> reader{{copy.get(), size}};
    std::size_t seen = 0;
    while (const std::optional<control_item> item = reader.next()) seen += item->data.size();
    EXPECT_LE(seen, size);
  }
}

TYPED_TEST(ControlMessages, OfAnyBytesEnd) {
  std::mt19937 random{1};
  for (int round = 0; round < 20'000; ++round) {
    const std::size_t size = random() % 96;
    const auto bytes = std::make_unique<std::byte[]>(size);
    // Small numbers make lengths that are nearly true.
    for (std::size_t i = 0; i < size; ++i)
      bytes[i] = static_cast<std::byte>(random() % 4 == 0 ? random() % 40 : 0);
    control_reader<TypeParam> reader{{bytes.get(), size}};
    std::size_t seen = 0;
    while (const std::optional<control_item> item = reader.next()) {
      seen += TypeParam::data_at + item->data.size();
      ASSERT_LE(seen, size);
    }
  }
}

TYPED_TEST(ControlMessages, AreNotWrittenWhereThereIsNoRoom) {
  control_writer<TypeParam> writer;
  for (int i = 0; i < 100; ++i) writer.add(1, i, std::uint64_t{0});

  control_reader<TypeParam> reader{writer.bytes()};
  int count = 0;
  while (const std::optional<control_item> item = reader.next()) EXPECT_EQ(item->type, count++);
  EXPECT_EQ(static_cast<std::size_t>(count), 256 / (TypeParam::data_at + 8));
}

TEST(ControlItem, IsAnOctetHoweverWideTheSystemWroteIt) {
  const auto octet_of = [](auto value) {
    return control_item{0, 0, std::as_bytes(std::span{&value, 1})}.octet();
  };
  EXPECT_EQ(octet_of(std::uint8_t{255}), 255);
  EXPECT_EQ(octet_of(int{0}), 0);
  EXPECT_EQ(octet_of(int{255}), 255);
  EXPECT_EQ(octet_of(int{256}), std::nullopt);
  EXPECT_EQ(octet_of(int{-1}), std::nullopt);
}

}  // namespace
}  // namespace portsock::platform
