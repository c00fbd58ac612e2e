package io.orchestrator.execution;

import java.util.AbstractList;
import java.util.Arrays;

/**
 * The results of a loop by the number of the iteration, null where there is none. Immutable; a
 * change copies one chunk and the list of the chunks, however many results there are.
 */
final class Results extends AbstractList<Object> {
  private static final int CHUNK = 128;
  private static final Object[] EMPTY = new Object[CHUNK];
  static final Results NONE = new Results(new Object[0][], 0);

  private final Object[][] chunks;
  private final int size;

  private Results(Object[][] chunks, int size) {
    this.chunks = chunks;
    this.size = size;
  }

  Results with(int index, Object result) {
    int chunk = index / CHUNK;
    Object[][] all = Arrays.copyOf(chunks, Math.max(chunks.length, chunk + 1));
    for (int i = chunks.length; i < all.length; i++) {
      all[i] = EMPTY;
    }
    all[chunk] = all[chunk].clone();
    all[chunk][index % CHUNK] = result;
    return new Results(all, Math.max(size, index + 1));
  }

  @Override
  public Object get(int index) {
    if (index < 0 || index >= size) {
      throw new IndexOutOfBoundsException(index);
    }
    return chunks[index / CHUNK][index % CHUNK];
  }

  @Override
  public int size() {
    return size;
  }
}
