package io.orchestrator.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.orchestrator.queue.SqsSender.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneTest {
  private final ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
  private final CountDownLatch answer = new CountDownLatch(1);
  private final Lane lane = new Lane(this::post);

  private List<Integer> post(List<Message> batch) {
    sizes.add(batch.size());
    try {
      answer.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return IntStream.range(0, batch.size())
        .boxed()
        .filter(i -> !batch.get(i).text().equals("refused"))
        .toList();
  }

  private CompletableFuture<Boolean> send(String text) {
    CompletableFuture<Boolean> accepted = lane.add(new Message(text, "acme", 0));
    lane.go();
    return accepted;
  }

  @Test
  void a_lone_message_goes_at_once_and_others_gather_while_two_requests_are_on_their_way() {
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    all.add(send("1"));
    await().untilAsserted(() -> assertThat(sizes).containsExactly(1));
    all.add(send("2"));
    await().untilAsserted(() -> assertThat(sizes).containsExactly(1, 1));
    IntStream.range(0, 9).forEach(i -> all.add(send("more")));
    assertThat(sizes).hasSize(2);
    all.add(send("full"));
    await().untilAsserted(() -> assertThat(sizes).containsExactly(1, 1, 10));
    all.add(send("refused"));
    answer.countDown();
    await().untilAsserted(() -> assertThat(all).allMatch(CompletableFuture::isDone));
    assertThat(all.subList(0, 12)).allMatch(CompletableFuture::join);
    assertThat(all.getLast().join()).isFalse();
  }

  @Test
  void at_most_eight_requests_are_on_their_way_and_nothing_is_left_behind() {
    List<CompletableFuture<Boolean>> all =
        IntStream.range(0, 500).mapToObj(i -> lane.add(new Message("x", "acme", 0))).toList();
    lane.go();
    await().untilAsserted(() -> assertThat(sizes).hasSize(8).allMatch(size -> size == 10));
    answer.countDown();
    await().untilAsserted(() -> assertThat(all).allMatch(CompletableFuture::isDone));
    assertThat(sizes).hasSize(50);
  }
}
